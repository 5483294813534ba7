"""Limits the requests of one client in a minute, counted in the memory of this process."""

import math
import time
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network

from limits import RateLimitItemPerMinute, WindowStats
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter
from starlette.types import ASGIApp, Receive, Scope, Send

from app.errors import problem_response

PROBES = {"/health", "/ready"}


def client_of(scope: Scope) -> str:
    """Return who asks: the peer or, by uvicorn's `proxy_headers`, whom a trusted proxy names."""
    return _group(scope["client"][0]) if scope["client"] else "unknown"


@lru_cache(10_000)
def _group(address: str) -> str:
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    # A provider gives each of its customers 2^64 addresses of IPv6, so one address is not one client.
    if isinstance(ip, IPv6Address) and not ip.ipv4_mapped:
        return str(ip_network((ip, 64), strict=False))
    return str(ip)


def retry_after(window: WindowStats) -> dict[str, str]:
    return {"Retry-After": str(max(1, math.ceil(window.reset_time - time.time())))}


class RateLimitMiddleware:
    """Answers 429 to a client that asks too often, whatever it asks for, unknown paths included."""

    def __init__(self, app: ASGIApp, per_minute: int) -> None:
        self.app = app
        self.limit = RateLimitItemPerMinute(per_minute) if per_minute else None
        self.limiter = FixedWindowRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        limit = self.limit if scope["type"] == "http" and scope["path"] not in PROBES else None
        if limit and not await self.limiter.hit(limit, client := client_of(scope)):
            wait = retry_after(await self.limiter.get_window_stats(limit, client))
            response = problem_response(429, "Too many requests.", wait)
            await response(scope, receive, send)
        else:
            await self.app(scope, receive, send)
