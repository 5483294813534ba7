"""A server that behaves as generated projects do, in few lines: settings, health, logs, SIGTERM."""

import json
import os
import signal
import sys
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

if not os.environ.get("SECRET_KEY"):
    sys.exit("SECRET_KEY is missing")


def log(**entry: object) -> None:
    """One line of JSON, if they are wanted."""
    if os.environ.get("LOG_REQUESTS"):
        print(json.dumps({"time": "2026-01-02T03:04:05Z", "level": "info", **entry}), flush=True)


class Handler(BaseHTTPRequestHandler):
    """Answers every path with the environment, but is never ready if it was told so."""

    def do_GET(self) -> None:
        status = 503 if self.path == "/ready" and os.environ.get("NEVER_READY") else 200
        if self.path == "/crash":
            status = 500
            try:
                raise KeyError("a bug")
            except KeyError:
                log(level="error", message="unhandled error", error=traceback.format_exc())
        if self.path == "/print":
            print("a learner's print")
        log(message="request", method="GET", path=self.path, status=status, durationMs=1.25)
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(dict(os.environ)).encode())

    def log_message(self, *arguments: object) -> None:
        """Not to standard error, as it does by itself."""


signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(int(os.environ.get("EXIT_WITH", "0"))))
print("listening", flush=True)
ThreadingHTTPServer((os.environ["HOST"], int(os.environ["PORT"])), Handler).serve_forever()
