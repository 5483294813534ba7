"""Following links."""

from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from app.db import Database
from app.links import redirect
from tests.links.conftest import LINKS, Make
from tests.people import SEVERAL


async def test_a_visitor_is_sent_to_the_exact_url(visitor: AsyncClient, make: Make) -> None:
    url = "https://Example.com/ü%20?a=1&a=2#ö"
    link = await make(url=url)
    response = await visitor.get(f"/{link['code']}")
    assert response.status_code == 302
    location = dict(response.headers.raw)[b"location"]
    assert location.decode() == url
    assert response.headers["cache-control"] == "no-store"


async def test_codes_are_looked_up_exactly(visitor: AsyncClient, make: Make) -> None:
    await make(code="Summer")
    assert (await visitor.get("/Summer")).status_code == 302
    assert (await visitor.get("/summer")).status_code == 404


@pytest.mark.parametrize(
    "path", ["/ab", "/a.b", "/%ff", "/%", "/a%2fb", "/abc/", "/" + "x" * 33, "/API", "/robots"]
)
async def test_what_cannot_be_a_code_is_404_without_asking(
    visitor: AsyncClient, path: str, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.state, "cache", None)
    response = await visitor.get(path)
    assert (response.status_code, response.headers["content-type"]) == (404, "application/problem+json")


async def test_changes_take_effect_on_the_next_redirect(
    ann: AsyncClient, visitor: AsyncClient, make: Make
) -> None:
    link = await make(code="summer")
    path = f"{LINKS}/{link['id']}"
    assert (await visitor.get("/summer")).headers["location"] == "https://example.com/page"
    await ann.patch(path, json={"url": "https://example.com/other"})
    assert (await visitor.get("/summer")).headers["location"] == "https://example.com/other"
    await ann.patch(path, json={"enabled": False})
    assert (await visitor.get("/summer")).status_code == 410
    await ann.patch(path, json={"enabled": True})
    assert (await visitor.get("/summer")).status_code == 302
    await ann.delete(path)
    assert (await visitor.get("/summer")).status_code == 410


async def test_a_code_that_was_unknown_works_once_it_is_made(visitor: AsyncClient, make: Make) -> None:
    assert (await visitor.get("/summer")).status_code == 404
    await make(code="summer")
    assert (await visitor.get("/summer")).status_code == 302


async def test_a_link_ends_when_it_should_even_while_cached(
    visitor: AsyncClient, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    end = datetime.now(UTC) + timedelta(hours=1)
    await make(code="summer", expiresAt=end.isoformat())
    assert (await visitor.get("/summer")).status_code == 302
    monkeypatch.setattr(redirect.time, "time", lambda: end.timestamp() + 1)  # type: ignore[attr-defined]
    assert (await visitor.get("/summer")).status_code == 410


async def test_the_database_is_asked_once(
    app: FastAPI, visitor: AsyncClient, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make(code="summer")
    await visitor.get("/summer")
    await visitor.get("/unknown")
    database: Database = app.state.database
    monkeypatch.setattr(database, "reading", None)
    assert (await visitor.get("/summer")).status_code == 302
    assert (await visitor.get("/unknown")).status_code == 404


@pytest.mark.skipif(not SEVERAL, reason="this project has one user")
async def test_links_end_with_their_account(ann: AsyncClient, visitor: AsyncClient, make: Make) -> None:
    await make(code="summer")
    await visitor.get("/summer")
    await ann.request("DELETE", "/api/v1/auth/me", json={"password": "correct horse battery"})
    assert (await visitor.get("/summer")).status_code == 410
