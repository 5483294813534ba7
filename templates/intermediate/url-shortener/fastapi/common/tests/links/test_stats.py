"""Statistics of a link."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from app.database import open_db
from app.links.stats import write_clicks
from tests.links.conftest import LINKS, Make

TODAY = datetime.now(UTC).date()


@pytest.fixture
async def link(make: Make) -> dict[str, Any]:
    return await make(code="summer")


async def add(app: FastAPI, link: dict[str, Any], *visits: tuple[int, str, int]) -> None:
    """Write visits: days ago, host, number."""
    batch = {(UUID(link["id"]), TODAY - timedelta(days=ago), host): number for ago, host, number in visits}
    async with open_db(app) as db:
        await write_clicks(db, uuid4(), batch)


async def stats(ann: AsyncClient, link: dict[str, Any], query: str = "") -> dict[str, Any]:
    response = await ann.get(f"{LINKS}/{link['id']}/stats{query}")
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


@pytest.mark.parametrize("days", ["0", "91", "x", "1.5"])
async def test_invalid_days_return_422(ann: AsyncClient, link: dict[str, Any], days: str) -> None:
    assert (await ann.get(f"{LINKS}/{link['id']}/stats", params={"days": days})).status_code == 422


@pytest.mark.parametrize(("query", "days"), [("", 30), ("?days=1", 1), ("?days=07", 7), ("?days=90", 90)])
async def test_each_day_is_listed_up_to_today(
    ann: AsyncClient, link: dict[str, Any], query: str, days: int
) -> None:
    found = await stats(ann, link, query)
    expected = [str(TODAY - timedelta(days=ago)) for ago in reversed(range(days))]
    assert [day["date"] for day in found["perDay"]] == expected
    assert (found["total"], found["referrers"]) == (0, [])


async def test_total_counts_all_time_and_the_rest_counts_the_period(
    app: FastAPI, ann: AsyncClient, link: dict[str, Any]
) -> None:
    await add(app, link, (0, "a.example", 1), (2, "a.example", 2), (3, "b.example", 4), (200, "", 8))
    found = await stats(ann, link, "?days=3")
    assert found["total"] == 15
    assert [day["clicks"] for day in found["perDay"]] == [2, 0, 1]
    assert found["referrers"] == [{"host": "a.example", "clicks": 3}]


async def test_referrers_are_sorted_by_clicks_and_then_by_name(
    app: FastAPI, ann: AsyncClient, link: dict[str, Any]
) -> None:
    await add(app, link, (0, "b.example", 2), (0, "a.example", 2), (1, "", 5), (0, "c.example", 1))
    found = await stats(ann, link)
    assert [referrer["host"] for referrer in found["referrers"]] == [
        None,
        "a.example",
        "b.example",
        "c.example",
    ]


async def test_at_most_100_referrers_are_returned(
    app: FastAPI, ann: AsyncClient, link: dict[str, Any]
) -> None:
    await add(app, link, (0, "real.example", 5), *((0, f"{number}.example", 1) for number in range(150)))
    found = await stats(ann, link)
    assert len(found["referrers"]) == 100
    assert found["referrers"][0] == {"host": "real.example", "clicks": 5}
    assert found["total"] == 155


async def test_stats_count_only_their_own_link(
    app: FastAPI, ann: AsyncClient, link: dict[str, Any], make: Make
) -> None:
    other = await make()
    await add(app, link, (0, "a.example", 3))
    assert (await stats(ann, other))["total"] == 0
    assert (await stats(ann, link))["total"] == 3


async def test_visit_is_counted_soon_after(
    ann: AsyncClient, visitor: AsyncClient, link: dict[str, Any]
) -> None:
    await visitor.get("/summer")
    deadline = time.monotonic() + 10
    while not (await stats(ann, link))["total"]:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)
