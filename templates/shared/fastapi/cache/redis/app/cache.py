"""The cache: Redis, shared by all processes."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import FastAPI
from pydantic import AfterValidator, RedisDsn
from redis.asyncio import BlockingConnectionPool, Redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

CacheUrl = Annotated[RedisDsn, AfterValidator(str)]

TIMEOUT = 0.25  # seconds: waiting longer would be slower than asking the database
PAUSE = 1.0  # seconds without a try after a failure, so that not every request waits for its own time-out
# A script runs in Redis in one piece, so no other client can write between the comparison and the write.
PUT = """
local held = redis.call('GET', KEYS[1])
if held and tonumber(held:match('^%d+')) > tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[1] .. ' ' .. ARGV[2], 'EX', ARGV[3])
return 1
"""


class Cache:
    """Keeps strings, each with a version. Without Redis it keeps nothing, and the database answers.

    An older version never replaces a newer one. Without that rule, one who was slow could put back what was
    true before a change, and it would be served until the entry expires.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._put = redis.register_script(PUT)
        self._pause_until = 0.0

    async def get(self, key: str) -> str | None:
        held = await self._try(lambda: self._redis.get(key))
        return held.partition(" ")[2] if held else None

    async def put(self, key: str, version: int, value: str, seconds: int) -> None:
        await self._try(lambda: self._put(keys=[key], args=[version, value, seconds]))

    async def _try(self, command: Callable[[], Awaitable[Any]]) -> Any:
        if time.monotonic() < self._pause_until:
            return None
        try:
            async with asyncio.timeout(TIMEOUT):
                return await command()
        except (RedisError, OSError) as error:
            self._pause_until = time.monotonic() + PAUSE
            logger.warning("the cache is not available: %s", type(error).__name__)
            return None


@asynccontextmanager
async def cache(app: FastAPI) -> AsyncIterator[None]:
    """Keep a pool of connections. They are made when first used, so the process starts without Redis."""
    pool = BlockingConnectionPool.from_url(
        app.state.settings.cache_url, max_connections=16, timeout=TIMEOUT, decode_responses=True
    )
    redis = Redis(connection_pool=pool)
    app.state.cache = Cache(redis)

    async def check() -> None:
        async with asyncio.timeout(TIMEOUT):
            await redis.ping()

    app.state.health_checks["cache"] = check
    yield
    await redis.aclose()
    await pool.disconnect()
