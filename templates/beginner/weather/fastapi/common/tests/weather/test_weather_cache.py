"""Fresh, stale, and nothing at all."""

import asyncio
import time
from uuid import uuid4

import pytest
from fastapi import FastAPI, HTTPException

from app.upstream.errors import UpstreamError
from app.weather.weather_cache import Entry, WeatherCache

FRESH = 600


class Source:
    """Where documents come from: fails as long as it is told to."""

    def __init__(self) -> None:
        self.calls = 0
        self.fails = False

    async def fetch(self) -> str:
        self.calls += 1
        await asyncio.sleep(0.01)
        if self.fails:
            raise UpstreamError("answered 500")
        return f"document {self.calls}"


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def cache(app: FastAPI) -> WeatherCache[str]:
    return WeatherCache(app.state.cache, Entry[str], FRESH, lambda _: 3600)


async def store(app: FastAPI, key: str, age: float) -> None:
    """Store a document that was fetched some seconds ago."""
    entry = Entry[str](data="stored", asked_at=time.time() - age)
    await app.state.cache.put(key, int(entry.asked_at * 1000), entry.model_dump_json(), 3600)


async def test_what_is_fresh_is_served_without_asking(
    app: FastAPI, cache: WeatherCache[str], source: Source
) -> None:
    await store(app, "a", age=FRESH - 30)
    found = await cache.get("a", source.fetch)
    assert (found.data, found.stale, source.calls) == ("stored", False, 0)
    assert found.age is not None
    assert FRESH - 30 <= found.age < FRESH


async def test_what_is_old_is_fetched_again_and_replaced(
    app: FastAPI, cache: WeatherCache[str], source: Source
) -> None:
    await store(app, "a", age=FRESH + 1)
    assert (await cache.get("a", source.fetch)).data == "document 1"
    again = await cache.get("a", source.fetch)
    assert (again.data, again.age, source.calls) == ("document 1", 0, 1)


async def test_what_is_old_is_served_while_the_source_fails(
    app: FastAPI, cache: WeatherCache[str], source: Source
) -> None:
    await store(app, "a", age=FRESH + 100)
    source.fails = True
    found = await cache.get("a", source.fetch)
    assert (found.data, found.stale) == ("stored", True)
    assert found.age is not None
    assert found.age >= FRESH + 100


async def test_without_anything_stored_a_failure_is_503(cache: WeatherCache[str], source: Source) -> None:
    source.fails = True
    with pytest.raises(HTTPException) as raised:
        await cache.get(str(uuid4()), source.fetch)
    assert raised.value.status_code == 503
    source.fails = False
    assert (await cache.get("a", source.fetch)).data == "document 2", "a failure is not stored"


async def test_a_hundred_cold_requests_fetch_once(cache: WeatherCache[str], source: Source) -> None:
    found = await asyncio.gather(*(cache.get("a", source.fetch) for _ in range(100)))
    assert {one.data for one in found} == {"document 1"}
    assert source.calls == 1


async def test_a_slow_response_replaces_none_that_was_asked_for_after_it(
    app: FastAPI, cache: WeatherCache[str]
) -> None:
    async def fetch() -> str:
        await asyncio.sleep(0.05)
        await store(app, "a", age=0.02)  # another process, which asked later and was faster
        return "slow"

    assert (await cache.get("a", fetch)).data == "slow"
    assert (await cache.get("a", fetch)).data == "stored"


async def test_what_another_version_has_stored_is_fetched_again(
    app: FastAPI, cache: WeatherCache[str], source: Source
) -> None:
    await app.state.cache.put("a", 1, '{"other": true}', 3600)
    assert (await cache.get("a", source.fetch)).data == "document 1"
