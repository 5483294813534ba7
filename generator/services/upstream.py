"""An HTTP server of another service that a project talks to, played by us: it answers as it is told to.

A contract has one under its control, which counts requests, hangs, fails, lies and floods; ``scaffold run --offline``
has one that stands in for the real service. What it answers is a function of the idea.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from generator.services.ports import HOST

PIECE = 64 * 1024
END_SECONDS = 0.05


@dataclass(frozen=True)
class Request:
    """One request as it came.

    Attributes:
        method, path: the path decoded no further than it was sent.
        query: each parameter's values, decoded.
        headers: lower-case names.
        at: seconds of the monotonic clock when it came.
    """

    method: str
    path: str
    query: Mapping[str, list[str]] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    at: float = 0.0

    def value(self, name: str, default: str = "") -> str:
        """The first value of a parameter."""
        return self.query.get(name, [default])[0]


@dataclass(frozen=True)
class Reply:
    """What is answered, and how badly.

    Attributes:
        status, body, headers: a proper answer.
        wait: seconds of silence before anything is sent.
        drip: seconds between two bytes of the body.
        flood: so many more bytes follow the body, whose length is not declared.
        cut: the connection is closed, and nothing is sent.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: float = 0.0
    drip: float = 0.0
    flood: int = 0
    cut: bool = False

    @classmethod
    def json(cls, value: Any, status: int = 200, **how: Any) -> Reply:
        """A JSON document."""
        return cls(status, json.dumps(value).encode(), {"Content-Type": "application/json"}, **how)


Answer = Callable[[Request], Reply]


class Upstream:
    """A server on a free port of loopback, one thread a connection; a context manager.

    Attributes:
        url: its address, without a slash at the end.
        requests: all that came, in order.
        sent: bytes of bodies that clients have taken.
    """

    def __init__(self, answer: Answer) -> None:
        self.requests: list[Request] = []
        self.sent = 0
        self._answer = answer
        self._ended = threading.Event()
        self._server = _Server(self)
        self.url = f"http://{HOST}:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(END_SECONDS,), daemon=True).start()

    def __enter__(self) -> Upstream:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Take no more requests, and leave those that hang."""
        self._ended.set()
        self._server.shutdown()
        self._server.server_close()

    def reply(self, request: Request) -> Reply:
        """Note a request, and decide what is answered."""
        self.requests.append(request)
        reply = self._answer(request)
        if reply.wait:
            self._ended.wait(reply.wait)
        return reply

    def pause(self, seconds: float) -> bool:
        """Wait, but not beyond the end; whether it has come."""
        return self._ended.wait(seconds)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def __init__(self, upstream: Upstream) -> None:
        self.upstream = upstream
        super().__init__((HOST, 0), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that has gone away is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def any_method(self) -> None:
        """Answer."""
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        query = parse_qs(parts.query, keep_blank_values=True)
        upstream = self.server.upstream
        reply = upstream.reply(Request(self.command, parts.path, query, headers, time.monotonic()))
        if reply.cut:
            self.close_connection = True
            return
        with suppress(OSError):
            self._send(reply)

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.flood:
            self.send_header("Connection", "close")
        else:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        size = 1 if reply.drip else PIECE
        for start in range(0, len(reply.body), size):
            if reply.drip and self.server.upstream.pause(reply.drip):
                return
            self._write(reply.body[start : start + size])
        left = reply.flood
        while left > 0 and not self.server.upstream.pause(0):
            self._write(b" " * min(left, PIECE))
            left -= PIECE

    def _write(self, data: bytes) -> None:
        self.wfile.write(data)
        self.server.upstream.sent += len(data)

    def log_message(self, *_: Any) -> None:
        """Nothing."""


for _method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"):
    setattr(_Handler, f"do_{_method}", _Handler.any_method)
