"""What happens to every request. Plain ASGI, since `BaseHTTPMiddleware` costs more than a small route."""

import logging
import re
import time

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.config import Settings
from app.errors import problem_response

MAX_HEADER_BYTES = 65_536
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")

logger = logging.getLogger("app.requests")


def security_headers(settings: Settings) -> dict[str, str]:
    """Return what the OWASP HTTP Headers Cheat Sheet recommends for an API."""
    headers = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
    if settings.app_env == "production":
        headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    return headers


class RequestMiddleware:
    """Limits the size of each request, adds security headers to its response, and writes a line into the log.

    Uvicorn limits only headers that arrive in pieces, and FastAPI's limit for bodies answers in plain text.
    The query is not logged: it may hold secrets.
    """

    def __init__(self, app: ASGIApp, headers: dict[str, str], max_body_bytes: int) -> None:
        self.app = app
        self.headers = Headers(headers).raw
        self.max_body_bytes = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, size = time.perf_counter(), 0
        line = {"method": scope["method"], "path": scope["path"], "status": 500}

        async def receive_limited() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > self.max_body_bytes:
                raise HTTPException(413, f"The body may have at most {self.max_body_bytes} bytes.")
            return message

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                line["status"] = message["status"]
                # A page such as /docs brings a policy of its own, which stays.
                present = {name for name, _ in message["headers"]}
                message["headers"] += [header for header in self.headers if header[0] not in present]
            await send(message)

        too_large = sum(len(name) + len(value) for name, value in scope["headers"]) > MAX_HEADER_BYTES
        app = problem_response(431, "The request headers are too large.") if too_large else self.app
        try:
            await app(scope, receive_limited, send_with_headers)
        finally:
            line["durationMs"] = round((time.perf_counter() - started) * 1000, 2)
            logger.log(logging.ERROR if line["status"] >= 500 else logging.INFO, "request", extra=line)
