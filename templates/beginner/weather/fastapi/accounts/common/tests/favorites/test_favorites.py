"""Favourite places."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from app.database import open_db
from app.favorites.service import list_favorites
from app.weather.providers.provider import Place
from tests.conftest import SignIn
from tests.sign_in import PASSWORD
from tests.weather.fake_provider import OSLO, ROME, FakeProvider

FAVORITES = "/api/v1/favorites"
AT_ROME = {"lat": 41.89, "lon": 12.51}


async def add(client: AsyncClient, body: dict[str, Any]) -> dict[str, Any]:
    response = await client.post(FAVORITES, json=body)
    assert response.status_code == 201, response.text
    favorite: dict[str, Any] = response.json()
    assert response.headers["Location"] == f"{FAVORITES}/{favorite['id']}"
    return favorite


async def test_a_place_is_remembered_by_its_city(ann: AsyncClient, provider: FakeProvider) -> None:
    favorite = await add(ann, {"city": " rome "})
    assert favorite["location"] == {"name": "Rome", "country": "Italy", **AT_ROME}
    assert (await ann.get(f"{FAVORITES}/{favorite['id']}")).json() == favorite


async def test_coordinates_need_no_provider(ann: AsyncClient, provider: FakeProvider) -> None:
    provider.fails = True
    favorite = await add(ann, {"lat": -33.4567, "lon": 151})
    assert favorite["location"] == {"name": None, "country": None, "lat": -33.46, "lon": 151}


async def test_the_same_place_twice_is_409(ann: AsyncClient, as_user: SignIn, provider: FakeProvider) -> None:
    await add(ann, {"city": "Rome"})
    for body in ({"city": "ROME"}, AT_ROME, {"lat": 41.8911, "lon": 12.5088}):
        assert (await ann.post(FAVORITES, json=body)).status_code == 409
    await add(await as_user("bob"), AT_ROME)


async def test_of_many_at_once_one_is_added(ann: AsyncClient, provider: FakeProvider) -> None:
    responses = await asyncio.gather(*(ann.post(FAVORITES, json=AT_ROME) for _ in range(10)))
    assert sorted(response.status_code for response in responses) == [201, *[409] * 9]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"city": "Rome", **AT_ROME},
        {"lat": 1},
        {"lon": 1},
        {"city": None},
        {"city": None, **AT_ROME},
        {"city": 5},
        {"city": ""},
        {"city": "x" * 101},
        {"lat": "41.89", "lon": 12.51},
        {"lat": 90.01, "lon": 0},
        {"lat": True, "lon": 0},
        {**AT_ROME, "ownerId": "x"},
        [],
    ],
)
async def test_what_is_not_one_place_is_refused(ann: AsyncClient, provider: FakeProvider, body: Any) -> None:
    assert (await ann.post(FAVORITES, json=body)).status_code == 422


async def test_an_unknown_city_is_404(ann: AsyncClient, provider: FakeProvider) -> None:
    assert (await ann.post(FAVORITES, json={"city": "nowhere"})).status_code == 404


async def test_the_list_is_read_page_by_page_newest_first(ann: AsyncClient, provider: FakeProvider) -> None:
    made = [(await add(ann, {"lat": lat, "lon": 0}))["id"] for lat in range(5)]
    read: list[str] = []
    params: dict[str, Any] = {"limit": 2}
    for _ in range(3):
        page = (await ann.get(FAVORITES, params=params)).json()
        read += [item["id"] for item in page["items"]]
        params["cursor"] = page["nextCursor"]
    assert read == made[::-1]
    assert page["nextCursor"] is None


async def test_a_favourite_of_someone_else_does_not_exist(
    ann: AsyncClient, as_user: SignIn, provider: FakeProvider
) -> None:
    path = f"{FAVORITES}/{(await add(ann, AT_ROME))['id']}"
    bob = await as_user("bob")
    assert [(await bob.request(method, path)).status_code for method in ("GET", "DELETE")] == [404, 404]
    assert (await bob.get(FAVORITES)).json() == {"items": [], "nextCursor": None}
    assert (await ann.get(path)).status_code == 200


async def test_a_deleted_favourite_is_gone_and_can_be_added_again(
    ann: AsyncClient, provider: FakeProvider
) -> None:
    path = f"{FAVORITES}/{(await add(ann, AT_ROME))['id']}"
    assert [(await ann.delete(path)).status_code for _ in range(2)] == [204, 404]
    await add(ann, AT_ROME)


async def test_the_weather_of_all_and_one_that_fails(ann: AsyncClient, provider: FakeProvider) -> None:
    rome, oslo = await add(ann, {"city": "Rome"}), await add(ann, {"city": "Oslo"})
    provider.fails_at = OSLO.lat
    response = await ann.get(f"{FAVORITES}/weather")
    assert response.status_code == 200
    cold, warm = response.json()["items"]
    assert (cold["favorite"], cold["weather"]) == (oslo, None)
    assert cold["error"]["status"] == 503
    assert (warm["favorite"], warm["error"]) == (rome, None)
    assert warm["weather"]["location"]["name"] == ROME.name


async def test_a_visitor_has_no_favourites(visitor: AsyncClient, provider: FakeProvider) -> None:
    for path in ("", "/weather", f"/{uuid4()}"):
        assert (await visitor.get(FAVORITES + path)).status_code == 401


async def test_no_favourite_is_left_of_an_account_deleted_while_the_provider_is_asked(
    app: FastAPI, ann: AsyncClient, provider: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = UUID((await ann.get("/api/v1/auth/me")).json()["id"])

    async def leave(_: str) -> list[Place]:
        left = await ann.request("DELETE", "/api/v1/auth/me", json={"password": PASSWORD})
        assert left.status_code == 204
        return [ROME]

    monkeypatch.setattr(provider, "find_places", leave)
    assert (await ann.post(FAVORITES, json={"city": "Rome"})).status_code == 401
    async with open_db(app) as db:
        assert await list_favorites(db, owner, None, 10) == []


async def test_favourites_go_with_their_account(
    app: FastAPI, ann: AsyncClient, as_user: SignIn, provider: FakeProvider
) -> None:
    await add(ann, AT_ROME)
    bob = await as_user("bob")
    await add(bob, AT_ROME)
    owner = UUID((await ann.get("/api/v1/auth/me")).json()["id"])
    leave = await ann.request("DELETE", "/api/v1/auth/me", json={"password": PASSWORD})
    assert leave.status_code == 204
    async with open_db(app) as db:
        assert await list_favorites(db, owner, None, 10) == []
    assert len((await bob.get(FAVORITES)).json()["items"]) == 1
