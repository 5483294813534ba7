"""Following links."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from app.links import redirect
from tests.database import outage
from tests.links.conftest import LINKS, Make


@pytest.mark.parametrize(
    ("url", "location"),
    [
        ("HTTPS://Example.com:443/a/../%7Eb?a=1&a=2#%c3", "HTTPS://Example.com:443/a/../%7Eb?a=1&a=2#%c3"),
        ("http://bücher.example/café", "http://xn--bcher-kva.example/caf%C3%A9"),
        ("https://straße.example:8443/?q=日", "https://xn--strae-oqa.example:8443/?q=%E6%97%A5"),
    ],
)
async def test_redirect_location_is_ascii(visitor: AsyncClient, make: Make, url: str, location: str) -> None:
    link = await make(url=url)
    response = await visitor.get(f"/{link['code']}")
    assert (response.status_code, link["url"]) == (302, url)
    assert dict(response.headers.raw)[b"location"].decode() == location
    assert response.headers["cache-control"] == "no-store"


async def test_codes_are_case_sensitive(visitor: AsyncClient, make: Make) -> None:
    await make(code="Summer")
    assert (await visitor.get("/Summer")).status_code == 302
    assert (await visitor.get("/summer")).status_code == 404


@pytest.mark.parametrize(
    "path", ["/ab", "/a.b", "/%ff", "/%", "/a%2fb", "/abc/", "/" + "x" * 33, "/API", "/robots"]
)
async def test_impossible_codes_return_404_without_a_query(
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


async def test_unknown_code_redirects_once_it_is_created(visitor: AsyncClient, make: Make) -> None:
    assert (await visitor.get("/summer")).status_code == 404
    await make(code="summer")
    assert (await visitor.get("/summer")).status_code == 302


async def test_expired_link_returns_410_even_when_cached(
    visitor: AsyncClient, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    end = datetime.now(UTC) + timedelta(hours=1)
    await make(code="summer", expiresAt=end.isoformat())
    assert (await visitor.get("/summer")).status_code == 302
    monkeypatch.setattr(redirect.time, "time", lambda: end.timestamp() + 1)  # type: ignore[attr-defined]
    assert (await visitor.get("/summer")).status_code == 410


async def test_second_redirect_comes_from_the_cache(app: FastAPI, visitor: AsyncClient, make: Make) -> None:
    await make(code="summer")
    await visitor.get("/summer")
    await visitor.get("/unknown")
    with outage(app):
        assert (await visitor.get("/summer")).status_code == 302
        assert (await visitor.get("/unknown")).status_code == 404


async def test_new_expiry_takes_effect_on_the_next_redirect(
    ann: AsyncClient, visitor: AsyncClient, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    end = datetime.now(UTC) + timedelta(hours=1)
    path = f"{LINKS}/{(await make(code='summer', expiresAt=end.isoformat()))['id']}"
    monkeypatch.setattr(redirect.time, "time", lambda: end.timestamp() + 1)  # type: ignore[attr-defined]
    assert (await visitor.get("/summer")).status_code == 410
    await ann.patch(path, json={"expiresAt": "2100-01-01T00:00:00Z"})
    assert (await visitor.get("/summer")).status_code == 302
    await ann.patch(path, json={"expiresAt": end.isoformat()})
    assert (await visitor.get("/summer")).status_code == 410
    await ann.patch(path, json={"expiresAt": None})
    assert (await visitor.get("/summer")).status_code == 302


async def test_head_redirects_without_counting_a_visit(
    app: FastAPI, ann: AsyncClient, visitor: AsyncClient, make: Make
) -> None:
    link = await make(code="summer")
    get, head = await visitor.get("/summer"), await visitor.head("/summer")
    assert (head.status_code, head.headers["location"]) == (get.status_code, get.headers["location"])
    await app.state.click_counter.flush()
    assert (await ann.get(f"{LINKS}/{link['id']}")).json()["clicks"] == 1


async def test_redirects_and_410_are_not_cached_by_browsers(
    ann: AsyncClient, visitor: AsyncClient, make: Make
) -> None:
    link = await make(code="summer")
    assert (await visitor.get("/summer")).headers["cache-control"] == "no-store"
    await ann.delete(f"{LINKS}/{link['id']}")
    assert (await visitor.get("/summer")).headers["cache-control"] == "no-store"


async def test_slow_reader_does_not_restore_the_old_target(
    app: FastAPI, ann: AsyncClient, visitor: AsyncClient, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = await make(code="summer")
    put = app.state.cache.put

    async def late(*arguments: Any) -> None:
        # The link is changed after the reader has it from the database, before it is put into the cache.
        monkeypatch.undo()
        await ann.patch(f"{LINKS}/{link['id']}", json={"url": "https://example.com/new"})
        await put(*arguments)

    async def miss(_: str) -> None:
        return None

    monkeypatch.setattr(app.state.cache, "get", miss)
    monkeypatch.setattr(app.state.cache, "put", late)
    assert (await visitor.get("/summer")).headers["location"] == link["url"]
    assert (await visitor.get("/summer")).headers["location"] == "https://example.com/new"


@pytest.mark.parametrize("header", ["prefetch", "prefetch;prerender"])
async def test_prefetch_is_not_counted_as_a_visit(
    app: FastAPI, ann: AsyncClient, visitor: AsyncClient, make: Make, header: str
) -> None:
    link = await make(code="summer")
    assert (await visitor.get("/summer", headers={"Sec-Purpose": header})).status_code == 302
    await app.state.click_counter.flush()
    assert (await ann.get(f"{LINKS}/{link['id']}")).json()["clicks"] == 0
