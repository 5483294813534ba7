"""The cache: a dictionary in this process. When it is full, the least recently used entry is dropped."""

import time
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

CAPACITY = 10_000


class Cache:
    """Keeps strings, each with a version.

    An older version never replaces a newer one. Without that rule, one who was slow could put back what was
    true before a change, and it would be served until the entry expires.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._entries: OrderedDict[str, tuple[float, int, str]] = OrderedDict()
        self._capacity = capacity

    async def get(self, key: str) -> str | None:
        expires, _, value = self._entries.get(key, (0.0, 0, None))
        if expires <= time.monotonic():
            return None
        self._entries.move_to_end(key)
        return value

    async def put(self, key: str, version: int, value: str, seconds: int) -> None:
        expires, current, _ = self._entries.get(key, (0.0, 0, ""))
        if expires > time.monotonic() and current > version:
            return
        self._entries[key] = (time.monotonic() + seconds, version, value)
        self._entries.move_to_end(key)
        if len(self._entries) > self._capacity:
            self._entries.popitem(last=False)


@asynccontextmanager
async def cache(app: FastAPI) -> AsyncIterator[None]:
    app.state.cache = Cache()
    yield
