"""A circuit breaker."""

import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from app.upstream.errors import RefusedError, UpstreamError

T = TypeVar("T")


class CircuitBreaker:
    """Leaves a service alone that has failed several times in a row.

    Without it, every request waits for the time-out while the service is down, and all hit it at once when it
    recovers. A request that the service refuses is no failure: with a few nonsensical ones, anybody could
    otherwise open the breaker for all.
    """

    def __init__(self, max_failures: int, open_seconds: float) -> None:
        self._max_failures = max_failures
        self._open_seconds = open_seconds
        self._failures = 0
        self._next_try = 0.0

    async def run(self, call: Callable[[], Awaitable[T]]) -> T:
        if self._failures >= self._max_failures:
            if time.monotonic() < self._next_try:
                raise UpstreamError("is left alone for a while")
            self._postpone()  # before anything is awaited: this call tries, and the others still fail at once
        try:
            result = await call()
        except RefusedError:
            self._failures = 0
            raise
        except UpstreamError:
            self._failures += 1
            self._postpone()
            raise
        self._failures = 0
        return result

    def _postpone(self) -> None:
        self._next_try = time.monotonic() + self._open_seconds
