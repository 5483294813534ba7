"""The cache: Redis, shared by all processes."""

import asyncio
import logging
import time
from types import TracebackType
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

from pydantic import field_validator
from pydantic_settings import BaseSettings
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.connection import AbstractConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from app.errors import UnavailableError

_log = logging.getLogger(__name__)

_TIMEOUT = 0.25  # seconds: a cache that is slower than the database helps nobody
_PAUSE = 1.0  # seconds without a try after a failure
_EPOCH = "app:epoch"
_ENTRY = "app:entry:"

# Scripts run in Redis in one piece: epoch and entry in one round trip, and no other client between.
_GET = """
local epoch = redis.call('GET', KEYS[1]) or '0'
return {epoch, redis.call('GET', ARGV[1] .. epoch .. ':' .. ARGV[2])}
"""
_PUT = """
local epoch = redis.call('GET', KEYS[1]) or '0'
return redis.call('SET', ARGV[1] .. epoch .. ':' .. ARGV[2], ARGV[3], 'EX', ARGV[4])
"""


class CacheSettings(BaseSettings):
    """Where Redis is."""

    cache_url: str

    @field_validator("cache_url")
    @classmethod
    def _redis(cls, value: str) -> str:
        parts = urlsplit(value)
        database = parts.path.removeprefix("/") or "0"
        if parts.scheme not in {"redis", "rediss"} or not parts.hostname or not database.isdecimal():
            msg = "must be of the form redis://host:6379/0, or rediss:// for TLS"
            raise ValueError(msg)
        parts.port  # noqa: B018 - raises ValueError for a port out of range
        return value


class Found(NamedTuple):
    """What a look-up gave: the value or None, and the cache's epoch, which `fill` wants back."""

    value: str | None
    epoch: str


class Cache:
    """Keeps strings for some seconds; without Redis it keeps nothing and nobody notices.

    An outage must not bring old entries back: a change made while Redis was away, or one that
    Redis forgot by restarting from an older snapshot, is not in it. So every entry's key holds
    an epoch, and the epoch is counted up, which disowns all entries at once, whenever a
    connection is made anew and after every write that failed.
    """

    def __init__(self, settings: CacheSettings) -> None:
        pool = BlockingConnectionPool.from_url(
            settings.cache_url,
            max_connections=16,
            timeout=_TIMEOUT,
            socket_timeout=_TIMEOUT,
            socket_connect_timeout=_TIMEOUT,
            decode_responses=True,
            retry=Retry(NoBackoff(), 0),
            redis_connect_func=_connect,
        )
        self._redis: Redis = Redis(connection_pool=pool)
        self._missed_a_write = False
        self._rest_until = 0.0

    async def __aenter__(self) -> Self:
        """Connect lazily: nothing to do yet."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close all connections."""
        await self._redis.aclose()
        await self._redis.connection_pool.disconnect()

    async def get(self, key: str) -> Found:
        """Look up a key; a miss if Redis does not answer in time."""
        found = await self._try(self._redis.eval, _GET, 1, _EPOCH, _ENTRY, key)
        return Found(found[1], found[0]) if found else Found(None, "")

    async def put(self, key: str, value: str, seconds: int) -> None:
        """Store what was just committed to the database, whatever was there."""
        if not await self._try(self._redis.eval, _PUT, 1, _EPOCH, _ENTRY, key, value, seconds):
            self._missed_a_write = True

    async def fill(self, key: str, value: str, seconds: int, epoch: str) -> None:
        """Store what was read from the database, unless there is an entry by now.

        Between the read and this call somebody may have changed the row and `put` the new
        state: overwriting that with what was read before would bring the old one back. For
        the same reason it goes into the epoch in which the look-up missed.
        """
        if epoch:
            await self._try(self._redis.set, f"{_ENTRY}{epoch}:{key}", value, ex=seconds, nx=True)

    async def ping(self) -> None:
        """Raise `UnavailableError` if Redis does not answer."""
        try:
            async with asyncio.timeout(_TIMEOUT):
                await self._redis.ping()
        except (RedisError, OSError, TimeoutError) as error:
            raise UnavailableError("cache") from error

    async def _try(self, command: Any, *args: Any, **options: Any) -> Any:
        if time.monotonic() < self._rest_until:
            return None
        try:
            async with asyncio.timeout(_TIMEOUT):
                if self._missed_a_write:
                    await self._disown_entries()
                return await command(*args, **options)
        except (RedisError, OSError, TimeoutError) as error:
            # Without a pause, each request would wait for its own time-out.
            self._rest_until = time.monotonic() + _PAUSE
            _log.warning("cache not available: %s", type(error).__name__)
            return None

    async def _disown_entries(self) -> None:
        self._missed_a_write = False  # before the await: another write may fail meanwhile
        try:
            await self._redis.incr(_EPOCH)
        except BaseException:
            self._missed_a_write = True
            raise


async def _connect(connection: AbstractConnection) -> None:
    await connection.on_connect()
    await connection.send_command("INCR", _EPOCH)
    await connection.read_response()
