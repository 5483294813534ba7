"""The cache in Redis, and what happens without Redis."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from pydantic import TypeAdapter, ValidationError

from app.cache import Cache, CacheUrl
from app.config import Settings
from app.main import create_app


@asynccontextmanager
async def started(settings: Settings, url: str) -> AsyncIterator[FastAPI]:
    app = create_app(settings.model_copy(update={"cache_url": url}))
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def cache(app: FastAPI) -> Cache:
    cache: Cache = app.state.cache
    return cache


@pytest.fixture
def key() -> str:
    return f"test:{uuid4()}"


async def test_get_returns_what_was_put(cache: Cache, key: str) -> None:
    assert await cache.get(key) is None
    await cache.put(key, 1, "a b", 60)
    assert await cache.get(key) == "a b"
    await cache.put(key, 1, "", 60)
    assert await cache.get(key) == ""


async def test_an_older_version_never_replaces_a_newer_one(cache: Cache, key: str) -> None:
    await cache.put(key, 10, "new", 60)
    await cache.put(key, 9, "old", 60)
    assert await cache.get(key) == "new"
    await cache.put(key, 11, "newest", 60)
    assert await cache.get(key) == "newest"


async def test_entries_expire_whatever_their_version(cache: Cache, key: str) -> None:
    await cache.put(key, 2, "new", 1)
    await asyncio.sleep(1.1)
    assert await cache.get(key) is None
    await cache.put(key, 1, "old", 60)
    assert await cache.get(key) == "old"


async def test_application_works_without_redis_and_ready_returns_503(settings: Settings) -> None:
    async with started(settings, "redis://127.0.0.1:1/0") as app:
        await app.state.cache.put("a", 1, "1", 60)
        assert await app.state.cache.get("a") is None
        async with AsyncClient(transport=ASGITransport(app), base_url="http://sho.rt") as client:
            assert (await client.get("/health")).status_code == 200
            ready = await client.get("/ready")
    assert ready.status_code == 503
    assert ready.json()["dependencies"] == {"database": "up", "cache": "down"}


async def test_hanging_redis_is_skipped_after_one_timeout(settings: Settings) -> None:
    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(hang, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, started(settings, f"redis://127.0.0.1:{port}/0") as app:
        began = time.monotonic()
        for _ in range(200):
            assert await app.state.cache.get("a") is None
        assert time.monotonic() - began < 20  # 200 time-outs are 50 s


@pytest.mark.parametrize("url", ["redis://127.0.0.1:6379/0", "rediss://user:secret@cache:6380/1"])
def test_valid_urls_are_accepted(url: str) -> None:
    assert TypeAdapter(CacheUrl).validate_python(url) == url


@pytest.mark.parametrize("url", ["", "cache:6379", "http://cache", "redis://cache:x"])
def test_invalid_urls_are_rejected(url: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(CacheUrl).validate_python(url)
