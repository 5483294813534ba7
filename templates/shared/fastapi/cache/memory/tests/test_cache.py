"""The cache in memory."""

import time

import pytest

from app.cache import Cache


@pytest.fixture
def cache() -> Cache:
    return Cache(capacity=2)


async def test_get_returns_what_was_put(cache: Cache) -> None:
    assert await cache.get("a") is None
    await cache.put("a", 1, "first", 60)
    await cache.put("a", 1, "again", 60)
    assert await cache.get("a") == "again"


async def test_an_older_version_never_replaces_a_newer_one(cache: Cache) -> None:
    await cache.put("a", 2, "new", 60)
    await cache.put("a", 1, "old", 60)
    assert await cache.get("a") == "new"
    await cache.put("a", 3, "newest", 60)
    assert await cache.get("a") == "newest"


async def test_entries_expire_whatever_their_version(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    await cache.put("a", 2, "new", 60)
    later = time.monotonic() + 61
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert await cache.get("a") is None
    await cache.put("a", 1, "old", 60)
    assert await cache.get("a") == "old"


async def test_least_recently_used_entry_is_evicted(cache: Cache) -> None:
    await cache.put("a", 1, "1", 60)
    await cache.put("b", 1, "2", 60)
    await cache.get("a")
    await cache.put("c", 1, "3", 60)
    assert [await cache.get(key) for key in "abc"] == ["1", None, "3"]


async def test_replacing_an_entry_evicts_nothing(cache: Cache) -> None:
    await cache.put("a", 1, "1", 60)
    for number in range(5):
        await cache.put("b", number, str(number), 60)
    assert await cache.get("a") == "1"
