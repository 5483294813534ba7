"""The cache keeps what it should, and an outage brings nothing old back."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from httpx import ASGITransport, AsyncClient

from app.cache import Cache, CacheSettings
from app.errors import UnavailableError
from app.ids import new_id
from app.main import create_app
from app.settings import Settings


@pytest.fixture
async def cache(settings: Settings) -> AsyncIterator[Cache]:
    async with Cache(settings) as cache:
        await cache.ping()  # connected: the epoch does not change from here on
        yield cache


@pytest.fixture
def key() -> str:
    return new_id()


@pytest.fixture
async def absent(settings: Settings) -> AsyncIterator[Cache]:
    async with Cache(settings.model_copy(update={"cache_url": "redis://127.0.0.1:1/0"})) as cache:
        yield cache


async def test_what_is_put_is_found(cache: Cache, key: str) -> None:
    assert (await cache.get(key)).value is None
    await cache.put(key, "1", 60)
    await cache.put(key, "2", 60)
    assert (await cache.get(key)).value == "2"


async def test_filling_never_replaces(cache: Cache, key: str) -> None:
    seen = await cache.get(key)
    await cache.put(key, "new", 60)
    await cache.fill(key, "old", 60, seen.epoch)
    assert (await cache.get(key)).value == "new"


async def test_a_gap_is_filled(cache: Cache, key: str) -> None:
    seen = await cache.get(key)
    await cache.fill(key, "1", 60, seen.epoch)
    assert (await cache.get(key)).value == "1"


async def test_entries_expire(cache: Cache, key: str) -> None:
    await cache.put(key, "1", 1)
    await asyncio.sleep(1.1)
    assert (await cache.get(key)).value is None


async def test_a_new_connection_disowns_what_was_there(settings: Settings, cache: Cache, key: str) -> None:
    await cache.put(key, "before the outage", 60)
    async with Cache(settings) as after:
        assert (await after.get(key)).value is None
    assert (await cache.get(key)).value is None


async def test_a_write_that_failed_disowns_what_was_there(
    cache: Cache, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await cache.put(key, "old", 60)
    with monkeypatch.context() as patch:
        patch.setattr(cache, "_rest_until", float("inf"))
        await cache.put(key, "new", 60)
    assert (await cache.get(key)).value is None


async def test_what_was_read_before_that_does_not_come_back_either(
    cache: Cache, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = await cache.get(key)
    with monkeypatch.context() as patch:
        patch.setattr(cache, "_rest_until", float("inf"))
        await cache.put(key, "new", 60)
    await cache.get("something else")
    await cache.fill(key, "old", 60, seen.epoch)
    assert (await cache.get(key)).value is None


async def test_without_redis_there_are_only_misses(absent: Cache) -> None:
    await absent.put("a", "1", 60)
    assert (await absent.get("a")).value is None
    with pytest.raises(UnavailableError):
        await absent.ping()


async def test_the_application_serves_without_redis_and_says_so(settings: Settings) -> None:
    app = create_app(settings.model_copy(update={"cache_url": "redis://127.0.0.1:1/0"}))
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=ASGITransport(app), base_url="http://sho.rt") as client,
    ):
        assert (await client.get("/health")).status_code == 200
        ready = await client.get("/ready")
    assert ready.status_code == 503
    assert ready.json()["dependencies"] == {"database": "up", "cache": "down"}


async def test_a_cache_that_hangs_costs_a_moment_and_then_nothing(settings: Settings) -> None:
    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(hang, "127.0.0.1", 0)
    url = f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}/0"
    async with server, Cache(settings.model_copy(update={"cache_url": url})) as cache:
        began = time.monotonic()
        for _ in range(20):
            assert (await cache.get("a")).value is None
        assert time.monotonic() - began < 1


@pytest.mark.parametrize(
    "url",
    ["redis://127.0.0.1:6379/0", "redis://cache", "redis://cache:6379/", "rediss://user:secret@cache:6380/1"],
)
def test_the_usual_addresses_are_accepted(url: str) -> None:
    assert CacheSettings(cache_url=url).cache_url == url
    Cache(CacheSettings(cache_url=url))


@pytest.mark.parametrize(
    "url", ["", "cache:6379", "http://cache", "redis://", "redis://cache/x", "redis://cache:x"]
)
def test_others_are_not(url: str) -> None:
    with pytest.raises(ValueError, match="cache_url"):
        CacheSettings(cache_url=url)
