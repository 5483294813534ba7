"""The cache keeps what it should, for as long as it should."""

import time

import pytest

from app.cache import Cache, CacheSettings


@pytest.fixture
def cache() -> Cache:
    return Cache(CacheSettings(), capacity=2)


async def test_what_is_put_is_found(cache: Cache) -> None:
    assert (await cache.get("a")).value is None
    await cache.put("a", "1", 60)
    await cache.put("a", "2", 60)
    assert (await cache.get("a")).value == "2"


async def test_filling_never_replaces(cache: Cache) -> None:
    seen = await cache.get("a")
    await cache.put("a", "new", 60)
    await cache.fill("a", "old", 60, seen.epoch)
    assert (await cache.get("a")).value == "new"


async def test_entries_expire(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    await cache.put("a", "1", 60)
    later = time.monotonic() + 61
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert (await cache.get("a")).value is None


async def test_the_least_recently_used_goes_first(cache: Cache) -> None:
    await cache.put("a", "1", 60)
    await cache.put("b", "2", 60)
    await cache.get("a")
    await cache.put("c", "3", 60)
    assert [(await cache.get(key)).value for key in "abc"] == ["1", None, "3"]


async def test_a_gap_is_filled_again_after_the_entry_has_expired(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    await cache.put("a", "old", 5)
    later = time.monotonic() + 6
    monkeypatch.setattr(time, "monotonic", lambda: later)
    await cache.fill("a", "new", 60, (await cache.get("a")).epoch)
    assert (await cache.get("a")).value == "new"


async def test_replacing_an_entry_takes_no_second_place(cache: Cache) -> None:
    await cache.put("a", "1", 60)
    for number in range(5):
        await cache.put("b", str(number), 60)
    assert (await cache.get("a")).value == "1"
