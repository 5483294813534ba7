"""What was fetched: served while it is fresh, and for longer while the provider fails."""

import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from fastapi import HTTPException
from pydantic import BaseModel, ValidationError

from app.cache import Cache
from app.upstream.errors import UpstreamError
from app.upstream.single_flight import SingleFlight

logger = logging.getLogger(__name__)

T = TypeVar("T")


class Entry(BaseModel, Generic[T]):
    data: T
    asked_at: float
    """When the provider was asked, in seconds since 1970."""


@dataclass(frozen=True)
class Cached(Generic[T]):
    data: T
    age: int | None
    """Seconds since the provider was asked, None for what was fetched just now."""
    stale: bool = False
    """Whether it is older than it should be, because nothing newer is to be had."""


class WeatherCache(Generic[T]):
    """Keeps one kind of documents. `fresh` and `kept` are seconds; `kept` may depend on the document."""

    def __init__(self, cache: Cache, entry: type[Entry[T]], fresh: int, kept: Callable[[T], int]) -> None:
        self._cache = cache
        self._entry = entry
        self._fresh = fresh
        self._kept = kept
        self._flights: SingleFlight[Cached[T]] = SingleFlight()

    async def get(self, key: str, fetch: Callable[[], Awaitable[T]]) -> Cached[T]:
        """Return what is stored while it is fresh, and otherwise what `fetch` returns.

        If that fails, what is stored is served although it is old: weather of some hours ago is worth more
        than an error.
        """
        # The look into the cache is part of the flight. Before it, a request that finds nothing could come
        # too late for the flight that has just filled the cache, and would start another one.
        return await self._flights.run(key, lambda: self._get(key, fetch))

    async def _get(self, key: str, fetch: Callable[[], Awaitable[T]]) -> Cached[T]:
        stored = self._read(await self._cache.get(key))
        # The time before the call: a slow response must not replace one that was asked for later.
        asked_at = time.time()
        age = max(0, int(asked_at - stored.asked_at)) if stored else None
        if stored and asked_at - stored.asked_at < self._fresh:
            return Cached(stored.data, age)
        try:
            data = await fetch()
        except UpstreamError as error:
            logger.warning("the weather provider %s; stored: %s", error, stored is not None)
            if stored:
                return Cached(stored.data, age, stale=True)
            raise HTTPException(503, "The weather provider does not answer.") from None
        entry = self._entry(data=data, asked_at=asked_at).model_dump_json()
        await self._cache.put(key, int(asked_at * 1000), entry, self._kept(data))
        return Cached(data, None)

    def _read(self, text: str | None) -> Entry[T] | None:
        try:
            return self._entry.model_validate_json(text) if text else None
        except ValidationError:
            return None  # in a shared cache, another version of this application may have written it
