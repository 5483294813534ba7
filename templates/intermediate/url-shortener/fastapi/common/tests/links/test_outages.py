"""What works without the database, and what returns 503."""

from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from tests.database import outage
from tests.links.conftest import LINKS, Make


@pytest.fixture
async def link(make: Make) -> dict[str, Any]:
    return await make(code="summer")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", LINKS),
        ("GET", LINKS),
        ("GET", LINKS + "/{id}"),
        ("PATCH", LINKS + "/{id}"),
        ("DELETE", LINKS + "/{id}"),
        ("GET", LINKS + "/{id}/stats"),
        ("GET", "/never-seen"),
    ],
)
async def test_requests_that_need_the_database_return_503(
    app: FastAPI, ann: AsyncClient, link: dict[str, Any], method: str, path: str
) -> None:
    body = {"json": {"url": "https://example.com/new"}} if method in ("POST", "PATCH") else {}
    with outage(app):
        response = await ann.request(method, path.format(**link), **body)  # type: ignore[arg-type]
    assert (response.status_code, response.json()["type"]) == (503, "/problems/unavailable")
    assert int(response.headers["retry-after"]) >= 1


async def test_cached_links_redirect_during_an_outage_and_visits_are_counted_later(
    app: FastAPI, ann: AsyncClient, visitor: AsyncClient, link: dict[str, Any]
) -> None:
    await visitor.get("/summer")
    with outage(app):
        for _ in range(2):
            assert (await visitor.get("/summer")).headers["location"] == link["url"]
        assert (await visitor.get("/health")).status_code == 200
    await app.state.click_counter.flush()
    assert (await ann.get(f"{LINKS}/{link['id']}")).json()["clicks"] == 3


async def test_failed_edit_does_not_reach_the_cache(
    app: FastAPI, ann: AsyncClient, visitor: AsyncClient, link: dict[str, Any]
) -> None:
    await visitor.get("/summer")
    with outage(app):
        await ann.patch(f"{LINKS}/{link['id']}", json={"url": "https://example.com/new"})
        await ann.delete(f"{LINKS}/{link['id']}")
    assert (await visitor.get("/summer")).headers["location"] == link["url"]
