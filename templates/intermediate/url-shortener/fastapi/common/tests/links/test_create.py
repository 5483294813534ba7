"""Creating links."""

import asyncio
from collections import Counter
from typing import Any

import pytest
from httpx import AsyncClient

from app.links import service
from app.links.codes import RESERVED
from tests.links.conftest import LINKS, Make


async def test_created_link_is_returned_as_stored(ann: AsyncClient) -> None:
    url = "HTTPS://Example.com/%7Eann/ü?b=2&a=1#top"
    response = await ann.post(LINKS, json={"url": url, "expiresAt": "2100-01-01T01:00:00.1239+01:00"})
    link = response.json()
    assert response.status_code == 201
    assert response.headers["location"] == f"{LINKS}/{link['id']}"
    assert link["url"] == url
    assert link["shortUrl"] == f"http://sho.rt/{link['code']}"
    assert (link["enabled"], link["clicks"]) == (True, 0)
    assert link["expiresAt"] == "2100-01-01T00:00:00.123Z"
    again = await ann.get(response.headers["location"])
    assert again.json() == link
    assert again.headers["etag"] == response.headers["etag"]


async def test_codes_are_random(make: Make) -> None:
    codes = {(await make())["code"] for _ in range(20)}
    assert len(codes) == 20
    assert all(len(code) == 7 and code.isalnum() and code.isascii() for code in codes)


async def test_random_code_that_is_taken_is_replaced(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    codes = iter(["same", "SAME", "same", "other"])
    monkeypatch.setattr(service, "generate_code", lambda: next(codes))
    assert [(await make())["code"] for _ in range(2)] == ["same", "other"]


@pytest.mark.parametrize("code", ["abc", "A-b_9", "x" * 32])
async def test_custom_code_is_used(make: Make, code: str) -> None:
    assert (await make(code=code))["code"] == code


@pytest.mark.parametrize(
    "code", ["ab", "x" * 33, "a b", "a/b", "ä-ö-ü", "abc\n", "", 123, *sorted(RESERVED), "API"]
)
async def test_invalid_codes_return_422(ann: AsyncClient, code: Any) -> None:
    response = await ann.post(LINKS, json={"url": "https://example.com", "code": code})
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "code"


async def test_code_taken_in_another_case_returns_409(ann: AsyncClient, make: Make) -> None:
    await make(code="Summer")
    response = await ann.post(LINKS, json={"url": "https://example.com", "code": "sUMMER"})
    assert (response.status_code, response.json()["type"]) == (409, "/problems/conflict")


async def test_concurrent_requests_for_one_code_create_one_link(ann: AsyncClient) -> None:
    async def claim() -> int:
        body = {"url": "https://example.com", "code": "wanted"}
        return (await ann.post(LINKS, json=body)).status_code

    assert Counter(await asyncio.gather(*(claim() for _ in range(30)))) == {201: 1, 409: 29}


@pytest.mark.parametrize(
    "expires_at", ["2001-01-01T00:00:00Z", "2100-01-01", "2100-01-01T00:00:00", "tomorrow", 4_000_000_000, ""]
)
async def test_expiry_in_the_past_or_without_offset_returns_422(ann: AsyncClient, expires_at: Any) -> None:
    response = await ann.post(LINKS, json={"url": "https://example.com", "expiresAt": expires_at})
    assert response.status_code == 422


@pytest.mark.parametrize("extra", [{"ownerId": "eve"}, {"clicks": 9}, {"id": "x"}, {"enabled": False}])
async def test_members_that_clients_may_not_set_return_422(ann: AsyncClient, extra: dict[str, Any]) -> None:
    response = await ann.post(LINKS, json={"url": "https://example.com", **extra})
    assert response.status_code == 422


async def test_url_on_our_own_host_returns_422(ann: AsyncClient) -> None:
    response = await ann.post(LINKS, json={"url": "https://SHO.RT.:8443/x"})
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "url"
