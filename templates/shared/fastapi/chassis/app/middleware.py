"""What happens to every request, before and after its route.

Pure ASGI: `BaseHTTPMiddleware` would run each request in a second task, break context
variables, and cost more than the redirect does.
"""

import logging
import math
import re
import secrets
import time
from collections import Counter

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.clients import client_address
from app.config import CoreSettings
from app.errors import ProblemError
from app.logs import RequestLog, request_id

_log = logging.getLogger(__name__)
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,128}")
_AUTH = "/api/v1/auth/"
# OWASP HTTP Headers Cheat Sheet
CSP = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
SECURITY_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
]
_HSTS = (b"strict-transport-security", b"max-age=63072000; includeSubDomains")


class RequestMiddleware:
    """Gives each request its id, its security headers, its log line, and a 500 if all else fails."""

    def __init__(self, app: ASGIApp, settings: CoreSettings) -> None:
        self.app = app
        self.headers = [*SECURITY_HEADERS, _HSTS] if settings.app_env == "production" else SECURITY_HEADERS
        self.log = RequestLog(settings.log_level)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        request_id.set(identity := _request_id(scope))
        method: str = scope["method"]
        is_head = method == "HEAD"
        if is_head:
            # HEAD is GET without the body, for every route there is or will be.
            scope = {**scope, "method": "GET", "is_head": True}
        status = 0

        async def send_on(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = message["headers"]
                if all(name != CSP[0] for name, _ in headers):  # a page may bring its own
                    headers.append(CSP)
                headers += self.headers
                if scope["path"].startswith(_AUTH):
                    headers.append((b"cache-control", b"no-store"))
                headers.append((b"x-request-id", identity.encode()))
            elif is_head:
                message = {**message, "body": b""}
            await send(message)

        try:
            await self.app(scope, receive, send_on)
        except Exception:
            _log.exception("unexpected error")
            if not status:
                response = ProblemError(500, "Something went wrong; it has been noted.").response()
                await response(scope, receive, send_on)
        finally:
            self.log.write(method, scope["path"], status, time.perf_counter() - started)


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _REQUEST_ID.fullmatch(value):
            return str(value, "ascii")
    return secrets.token_hex(16)


class CorsMiddleware(CORSMiddleware):
    """Starlette's own, with a problem for a refused preflight, as for every other error."""

    def preflight_response(self, request_headers: Headers) -> Response:
        """Answer the question that a browser asks before it sends a request to another origin."""
        response = super().preflight_response(request_headers)
        if response.status_code < 400:
            return response
        headers = {"Vary": response.headers["vary"]}
        return ProblemError(403, "CORS_ORIGINS does not allow this.", headers=headers).response()


class RateLimitMiddleware:
    """Allows each client so many requests in a minute.

    One dictionary that is thrown away at each full minute cannot grow without end, and costs
    one look-up a request. The price: a client may send twice the number around the change of
    the minute. Each process counts for itself.
    """

    WINDOW = 60
    EXEMPT = frozenset({"/health", "/ready"})

    def __init__(self, app: ASGIApp, settings: CoreSettings) -> None:
        self.app = app
        self.limit = settings.rate_limit
        self.trusted = settings.trusted_proxies
        self.counts: Counter[str] = Counter()
        self.ends = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if self.limit and scope["type"] == "http" and scope["path"] not in self.EXEMPT:
            now = time.monotonic()
            if now >= self.ends:
                self.counts.clear()
                self.ends = now + self.WINDOW
            client = client_address(scope, self.trusted)
            self.counts[client] += 1
            if self.counts[client] > self.limit:
                wait = {"Retry-After": str(math.ceil(self.ends - now))}
                await ProblemError(429, "Too many requests.", headers=wait).response()(scope, receive, send)
                return
        await self.app(scope, receive, send)
