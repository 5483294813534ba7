"""Changing and deleting links."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import pytest
from httpx import AsyncClient

from app.links import service
from tests.links.conftest import LINKS, Make


@pytest.fixture
async def path(make: Make) -> str:
    return f"{LINKS}/{(await make(code='summer'))['id']}"


async def test_patch_changes_only_the_members_it_names(ann: AsyncClient, path: str) -> None:
    before = (await ann.get(path)).json()
    response = await ann.patch(path, json={"expiresAt": "2100-01-01T00:00:00Z"})
    after = response.json()
    assert after == {**before, "expiresAt": "2100-01-01T00:00:00.000Z", "updatedAt": after["updatedAt"]}
    assert (await ann.patch(path, json={"expiresAt": None})).json()["expiresAt"] is None


async def test_an_empty_patch_changes_nothing(ann: AsyncClient, path: str) -> None:
    before = await ann.get(path)
    response = await ann.patch(path, json={})
    assert (response.status_code, response.json()) == (200, before.json())
    assert response.headers["etag"] == before.headers["etag"]


@pytest.mark.parametrize(
    "patch",
    [
        {"url": None},
        {"url": "javascript:alert(1)"},
        {"url": "http://sho.rt/x"},
        {"enabled": None},
        {"enabled": "true"},
        {"enabled": 1},
        {"expiresAt": "2001-01-01T00:00:00Z"},
        {"code": "other"},
        {"clicks": 0},
    ],
)
async def test_invalid_patch_returns_422_and_changes_nothing(
    ann: AsyncClient, path: str, patch: dict[str, Any]
) -> None:
    before = (await ann.get(path)).json()
    assert (await ann.patch(path, json=patch)).status_code == 422
    assert (await ann.get(path)).json() == before


async def test_edit_based_on_an_old_version_returns_412(ann: AsyncClient, path: str) -> None:
    old = (await ann.get(path)).headers["etag"]
    new = (await ann.patch(path, json={"enabled": False}, headers={"If-Match": old})).headers["etag"]
    assert new != old
    assert (await ann.patch(path, json={"enabled": True}, headers={"If-Match": old})).status_code == 412
    assert (await ann.delete(path, headers={"If-Match": old})).status_code == 412
    assert (await ann.delete(path, headers={"If-Match": f'"x", {new}'})).status_code == 204


async def test_only_one_of_concurrent_edits_of_one_version_succeeds(ann: AsyncClient, path: str) -> None:
    tag = (await ann.get(path)).headers["etag"]

    async def edit(number: int) -> int:
        body = {"url": f"https://example.com/{number}"}
        return (await ann.patch(path, json=body, headers={"If-Match": tag})).status_code

    assert sorted(await asyncio.gather(*(edit(number) for number in range(10)))) == [200] + [412] * 9


@pytest.fixture
def before_the_update(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Awaitable[Any]]], None]:
    """Let another request come between the moment a PATCH has loaded the link and its update."""

    def set_other_request(other_request: Callable[[], Awaitable[Any]]) -> None:
        update_link = service.update_link

        async def slow(*arguments: Any) -> Any:
            monkeypatch.undo()
            await other_request()
            return await update_link(*arguments)

        monkeypatch.setattr(service, "update_link", slow)

    return set_other_request


async def test_edit_returns_what_another_edit_changed_in_between(
    ann: AsyncClient, visitor: AsyncClient, path: str, before_the_update: Callable[..., None]
) -> None:
    before_the_update(lambda: ann.patch(path, json={"url": "https://example.com/between"}))
    edited = await ann.patch(path, json={"expiresAt": "2100-01-01T00:00:00Z"})
    assert edited.json()["url"] == "https://example.com/between"
    assert (await visitor.get("/summer")).headers["location"] == "https://example.com/between"
    stored = await ann.get(path)
    assert (edited.json(), edited.headers["etag"]) == (stored.json(), stored.headers["etag"])


async def test_edit_of_a_link_deleted_in_between_returns_404(
    ann: AsyncClient, path: str, before_the_update: Callable[..., None]
) -> None:
    before_the_update(lambda: ann.delete(path))
    assert (await ann.patch(path, json={"enabled": False})).status_code == 404


async def test_deleted_link_returns_404_and_its_code_stays_taken(ann: AsyncClient, path: str) -> None:
    assert (await ann.delete(path)).status_code == 204
    assert (await ann.get(path)).status_code == 404
    assert (await ann.delete(path)).status_code == 404
    response = await ann.post(LINKS, json={"url": "https://example.com", "code": "SUMMER"})
    assert response.status_code == 409


@pytest.mark.parametrize("link_id", ["x", "1", "..%2f..%2f", str(uuid4()), "%00"])
async def test_unknown_and_malformed_ids_return_404(ann: AsyncClient, link_id: str) -> None:
    path = f"{LINKS}/{link_id}"
    assert (await ann.get(path)).status_code == 404
    assert (await ann.delete(path)).status_code == 404
    assert (await ann.patch(path, json={})).status_code == 404
