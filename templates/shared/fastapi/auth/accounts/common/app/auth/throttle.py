"""Slows down clients that guess passwords."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from fastapi import FastAPI, HTTPException
from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from app.rate_limit import retry_after

PER_ADDRESS = RateLimitItemPerMinute(5)
PER_CLIENT = RateLimitItemPerMinute(20)


class LoginThrottle:
    """Counts failed log-ins of one client, by address and over all addresses, in the memory of this process.

    They are never counted by address alone: a stranger could then lock the owner out by failing in their
    name.
    """

    def __init__(self) -> None:
        self._failures = MovingWindowRateLimiter(MemoryStorage())
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def attempt(self, client: str, address: str) -> AsyncIterator[None]:
        """Raise 429, or run the block and count it as a failure if it raises 401."""
        limits = ((PER_ADDRESS, (client, address)), (PER_CLIENT, (client,)))
        # One after the other. Of fifty guesses sent together, each would otherwise see that none has failed
        # yet. The dictionary drops a lock that no request holds or waits for.
        async with self._locks.setdefault(client, asyncio.Lock()):
            for limit, key in limits:
                if not await self._failures.test(limit, *key):
                    wait = retry_after(await self._failures.get_window_stats(limit, *key))
                    raise HTTPException(429, "Too many failed log-ins; try again later.", wait)
            try:
                yield
            except HTTPException as error:
                if error.status_code == 401:
                    for limit, key in limits:
                        await self._failures.hit(limit, *key)
                raise


@asynccontextmanager
async def login_throttle(app: FastAPI) -> AsyncIterator[None]:
    app.state.login_throttle = LoginThrottle()
    yield
