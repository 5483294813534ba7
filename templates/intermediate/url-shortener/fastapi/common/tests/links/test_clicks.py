"""Clicks are counted after the redirect, each exactly once."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from app.database import open_db
from app.links import click_counter
from app.links.click_counter import ClickCounter, Visits
from app.links.stats import write_clicks
from tests.database import outage
from tests.links.conftest import LINKS, Make
from tests.links.stored import stored_hosts, stored_link

TODAY = datetime.now(UTC).date()


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
    await app.state.click_counter.flush()
    assert await stats(ann, link, days=3) == {
        "total": 3,
        "perDay": [
            {"date": str(TODAY - timedelta(days=2)), "clicks": 0},
            {"date": str(TODAY - timedelta(days=1)), "clicks": 0},
            {"date": str(TODAY), "clicks": 3},
        ],
        "referrers": [{"host": "news.example", "clicks": 2}, {"host": None, "clicks": 1}],
    }
    shown = await ann.get(f"{LINKS}/{link['id']}")
    assert (shown.json()["clicks"], shown.headers["etag"]) == (3, '"1"')


async def test_only_redirects_are_counted(
    app: FastAPI, ann: AsyncClient, visitor: AsyncClient, make: Make
) -> None:
    link = await make(code="summer")
    await ann.patch(f"{LINKS}/{link['id']}", json={"enabled": False})
    await visitor.get("/summer")
    await app.state.click_counter.flush()
    assert (await stats(ann, link))["total"] == 0


async def test_batch_written_twice_counts_once(app: FastAPI, ann: AsyncClient, make: Make) -> None:
    link = await make()
    batch_id, link_id = uuid4(), UUID(link["id"])
    for _ in range(2):
        async with open_db(app) as db:
            await write_clicks(db, batch_id, {(link_id, TODAY, "a.example"): 2, (link_id, TODAY, ""): 1})
    found = await stats(ann, link)
    assert (found["total"], sum(host["clicks"] for host in found["referrers"])) == (3, 3)


async def test_two_processes_that_write_clicks_of_the_same_links_do_not_block_each_other(
    app: FastAPI, ann: AsyncClient, make: Make
) -> None:
    links = [await make() for _ in range(5)]
    keys = [(UUID(link["id"]), TODAY, "a.example") for link in links]

    async def write(order: list[Any]) -> None:
        async with open_db(app) as db:
            await write_clicks(db, uuid4(), dict.fromkeys(order, 1))

    await asyncio.gather(*(write(order) for order in [keys, keys[::-1]] * 4))
    assert [(await stats(ann, link))["total"] for link in links] == [8] * 5


async def test_clicks_are_kept_while_the_database_is_down(
    app: FastAPI, ann: AsyncClient, visitor: AsyncClient, make: Make
) -> None:
    link = await make(code="summer")
    await visitor.get("/summer")
    with outage(app):
        await visitor.get("/summer")
        assert not await app.state.click_counter.flush()
        await visitor.get("/summer")
    assert await app.state.click_counter.flush()
    assert (await stats(ann, link))["total"] == 3


async def test_a_batch_keeps_its_id_until_the_database_has_acknowledged_it() -> None:
    tried: list[tuple[UUID, Visits]] = []

    async def write(batch_id: UUID, visits: Visits) -> None:
        tried.append((batch_id, visits))
        if len(tried) < 3:
            raise OSError

    counter = ClickCounter(write)
    counter.count(uuid4(), "a.example")
    results = [await counter.flush() for _ in range(3)]
    assert results == [False, False, True]
    assert tried[0] == tried[1] == tried[2]


async def test_number_of_waiting_clicks_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(click_counter, "CAPACITY", 3)
    written: Visits = {}

    async def write(_: UUID, visits: Visits) -> None:
        written.update(visits)

    counter, link_id = ClickCounter(write), uuid4()
    for number in range(10):
        counter.count(link_id, f"{number}.example")
    await counter.flush()
    assert sum(written.values()) == 10
    assert written[link_id, TODAY, ""] == 7


async def test_waiting_clicks_are_written_at_shutdown(app: FastAPI, ann: AsyncClient, make: Make) -> None:
    link = await make()
    async with click_counter.click_counter(app):
        app.state.click_counter.count(UUID(link["id"]), "")
    assert (await stats(ann, link))["total"] == 1


async def test_deleting_a_link_deletes_its_clicks_and_waiting_ones(
    app: FastAPI, ann: AsyncClient, visitor: AsyncClient, make: Make
) -> None:
    link = await make(code="summer")
    await visitor.get("/summer", headers={"Referer": "https://a.example"})
    await app.state.click_counter.flush()
    await visitor.get("/summer", headers={"Referer": "https://b.example"})
    assert (await ann.delete(f"{LINKS}/{link['id']}")).status_code == 204
    assert await app.state.click_counter.flush()
    assert await stored_hosts(app) == []
    assert await stored_link(app, "summer") == (None, None, 0)
    assert (await visitor.get("/summer")).status_code == 410


async def test_hanging_database_does_not_delay_shutdown(monkeypatch: pytest.MonkeyPatch) -> None:
    async def hang(*_: object) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(click_counter, "SHUTDOWN", 0.1)
    counter = ClickCounter(hang)
    counter.count(uuid4(), "")
    running = asyncio.create_task(counter.run())
    await asyncio.wait_for(counter.stop(running), 1)
    running.cancel()
