"""A server that behaves as generated projects do, in twenty lines: settings, health, SIGTERM."""

import json
import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

if not os.environ.get("SECRET_KEY"):
    sys.exit("SECRET_KEY is missing")


class Handler(BaseHTTPRequestHandler):
    """Answers every path with the environment, but is never ready if it was told so."""

    def do_GET(self) -> None:
        self.send_response(503 if self.path == "/ready" and os.environ.get("NEVER_READY") else 200)
        self.end_headers()
        self.wfile.write(json.dumps(dict(os.environ)).encode())


signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(int(os.environ.get("EXIT_WITH", "0"))))
print("listening", flush=True)
ThreadingHTTPServer((os.environ["HOST"], int(os.environ["PORT"])), Handler).serve_forever()
