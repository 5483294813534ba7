"""Counting clicks: later than the redirect, but each of them, and once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from app.db import Database, Transaction
from app.errors import UnavailableError
from app.ids import new_id
from app.links import click_counter
from app.links.click_counter import ClickCounter
from app.links.click_repository import ClickRepository
from app.links.link import ClickBatch, Clicks
from tests.links.conftest import LINKS, Make


@pytest.fixture
def counter(app: FastAPI) -> ClickCounter:
    return ClickCounter(app.state.database)


async def write(counter: ClickCounter) -> None:
    counter.start()
    await counter.close()


async def stats(ann: AsyncClient, link: dict[str, Any], days: int = 30) -> dict[str, Any]:
    response = await ann.get(f"{LINKS}/{link['id']}/stats?days={days}")
    found: dict[str, Any] = response.json()
    return found


async def test_visits_are_counted_by_day_and_referrer(
    app: FastAPI, ann: AsyncClient, visitor: AsyncClient, make: Make
) -> None:
    link = await make(code="summer")
    for referrer in ("https://news.example/1", "https://NEWS.example/2", ""):
        await visitor.get("/summer", headers={"Referer": referrer})
    await visitor.head("/summer")
    await app.state.click_counter.close()
    found = await stats(ann, link, days=3)
    today = datetime.now(UTC).date()
    assert found == {
        "total": 3,
        "perDay": [
            {"date": str(today - timedelta(days=2)), "clicks": 0},
            {"date": str(today - timedelta(days=1)), "clicks": 0},
            {"date": str(today), "clicks": 3},
        ],
        "referrers": [{"host": "news.example", "clicks": 2}, {"host": None, "clicks": 1}],
    }
    shown = await ann.get(f"{LINKS}/{link['id']}")
    assert (shown.json()["clicks"], shown.headers["etag"]) == (3, '"1"')


@pytest.mark.parametrize("days", ["0", "91", "x", "1&days=2"])
async def test_days_are_1_to_90(ann: AsyncClient, make: Make, days: str) -> None:
    assert (await ann.get(f"{LINKS}/{(await make())['id']}/stats?days={days}")).status_code == 422


async def test_only_followed_links_count(
    app: FastAPI, ann: AsyncClient, visitor: AsyncClient, make: Make
) -> None:
    link = await make(code="summer")
    await ann.patch(f"{LINKS}/{link['id']}", json={"enabled": False})
    await visitor.get("/summer")
    await app.state.click_counter.close()
    assert (await stats(ann, link))["total"] == 0


async def test_a_batch_that_comes_twice_counts_once(app: FastAPI, ann: AsyncClient, make: Make) -> None:
    link = await make()
    day = (datetime.now(UTC).date() - datetime(1970, 1, 1, tzinfo=UTC).date()).days
    batch = ClickBatch(new_id(), [Clicks(link["id"], day, "a.example", 2), Clicks(link["id"], day, None, 1)])
    database: Database = app.state.database
    for _ in range(2):
        async with database.writing() as transaction:
            await ClickRepository(transaction).add(batch)
    found = await stats(ann, link)
    assert (found["total"], sum(host["clicks"] for host in found["referrers"])) == (3, 3)


async def test_clicks_wait_for_a_database_that_is_away(
    app: FastAPI, ann: AsyncClient, make: Make, counter: ClickCounter, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = await make()
    database: Database = app.state.database
    writing = database.writing
    outages = 2

    @asynccontextmanager
    async def flaky() -> AsyncIterator[Transaction]:
        nonlocal outages
        async with writing() as transaction:
            yield transaction
        if outages:  # after the commit: whether it was written, the counter cannot know
            outages -= 1
            raise UnavailableError("database")

    monkeypatch.setattr(database, "writing", flaky)
    for number in range(5):
        counter.count(link["id"], f"{number}.example")
    await write(counter)
    assert (outages, (await stats(ann, link))["total"]) == (0, 5)


async def test_what_waits_is_bounded_and_known_links_are_still_counted(
    ann: AsyncClient, make: Make, counter: ClickCounter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(click_counter, "_CAPACITY", 3)
    link = await make()
    for number in range(10):
        counter.count(link["id"], f"{number}.example")
    await write(counter)
    found = await stats(ann, link)
    assert found["total"] == 10
    assert {"host": None, "clicks": 7} in found["referrers"]


async def test_the_application_writes_what_is_left_at_its_end(
    ann: AsyncClient, make: Make, app: FastAPI
) -> None:
    link = await make()
    async with click_counter.click_counting(app):
        app.state.click_counter.count(link["id"], None)
    assert (await stats(ann, link))["total"] == 1
