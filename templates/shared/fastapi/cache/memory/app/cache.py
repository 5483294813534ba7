"""The cache: a bounded dictionary in this process, the least recently used going first."""

import time
from collections import OrderedDict
from types import TracebackType
from typing import NamedTuple, Self

from pydantic_settings import BaseSettings

_CAPACITY = 10_000


class CacheSettings(BaseSettings):
    """Nothing to set."""


class Found(NamedTuple):
    """What a look-up gave: the value or None, and the cache's epoch, which `fill` wants back."""

    value: str | None
    epoch: str


class Cache:
    """Keeps strings for some seconds.

    Each process has its own: with several, a change made in one is seen by the others only
    when their entries expire. That is what the Redis choice is for.
    """

    def __init__(self, settings: CacheSettings, capacity: int = _CAPACITY) -> None:  # noqa: ARG002
        self._entries: OrderedDict[str, tuple[float, str]] = OrderedDict()
        self._capacity = capacity

    async def __aenter__(self) -> Self:
        """Open: nothing to do."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close: nothing to do."""

    async def get(self, key: str) -> Found:
        """Look up a key."""
        entry = self._entries.get(key)
        if entry is None or entry[0] <= time.monotonic():
            return Found(None, "")
        self._entries.move_to_end(key)
        return Found(entry[1], "")

    async def put(self, key: str, value: str, seconds: int) -> None:
        """Store what was just committed to the database, whatever was there."""
        self._entries[key] = (time.monotonic() + seconds, value)
        self._entries.move_to_end(key)
        while len(self._entries) > self._capacity:
            self._entries.popitem(last=False)

    async def fill(self, key: str, value: str, seconds: int, epoch: str) -> None:  # noqa: ARG002
        """Store what was read from the database, unless there is an entry by now.

        Between the read and this call somebody may have changed the row and `put` the new
        state: overwriting that with what was read before would bring the old one back.
        """
        if (await self.get(key)).value is None:
            await self.put(key, value, seconds)

    async def ping(self) -> None:
        """Do nothing: a dictionary is always there."""
