"""The cache of the tests: TEST_CACHE_URL, by default database 1 of a Redis on this machine."""

import os

import pytest
from fastapi import FastAPI
from redis.asyncio import Redis
from redis.exceptions import RedisError

CACHE_URL = os.environ.get("TEST_CACHE_URL") or "redis://127.0.0.1:6379/1"


async def empty_cache(_: FastAPI) -> None:
    try:
        async with Redis.from_url(CACHE_URL, socket_connect_timeout=5) as redis:
            await redis.flushdb()
    except (RedisError, OSError) as error:
        pytest.exit(f"The tests need Redis: {error}. Start it as the README shows, or set TEST_CACHE_URL.", 3)
