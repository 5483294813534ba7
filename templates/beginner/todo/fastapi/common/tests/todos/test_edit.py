"""Changing, finishing and deleting todos, and the ETags that an edit is based on."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import pytest
from httpx import AsyncClient

from app.todos import service
from tests.todos.conftest import TODOS, Make


@pytest.fixture
async def path(make: Make) -> str:
    todo = await make(notes="old", dueDate="2030-01-31", priority="high", tags=["a", "b"])
    return f"{TODOS}/{todo['id']}"


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Buy $oat milk"},
        {"notes": ""},
        {"dueDate": "2031-12-31"},
        {"dueDate": None},
        {"priority": "low"},
        {"tags": ["c"]},
        {"tags": []},
    ],
)
async def test_a_patch_changes_what_it_names(ann: AsyncClient, path: str, change: dict[str, Any]) -> None:
    before = (await ann.get(path)).json()
    after = (await ann.patch(path, json=change)).json()
    assert after == {**before, **change, "updatedAt": after["updatedAt"]}
    assert (await ann.get(path)).json() == after


async def test_an_empty_patch_changes_nothing(ann: AsyncClient, path: str) -> None:
    before = await ann.get(path)
    response = await ann.patch(path, json={})
    assert (response.status_code, response.json()) == (200, before.json())
    assert response.headers["etag"] == before.headers["etag"]


@pytest.mark.parametrize(
    "patch",
    [
        {"title": None},
        {"title": " "},
        {"notes": None},
        {"done": None},
        {"done": "true"},
        {"done": 1},
        {"dueDate": "2030-02-30"},
        {"priority": None},
        {"tags": None},
        {"completedAt": "2030-01-01T00:00:00Z"},
        {"title": "half", "priority": "urgent"},
    ],
)
async def test_a_bad_patch_is_422_and_changes_nothing(
    ann: AsyncClient, path: str, patch: dict[str, Any]
) -> None:
    before = (await ann.get(path)).json()
    assert (await ann.patch(path, json=patch)).status_code == 422
    assert (await ann.get(path)).json() == before


async def test_done_sets_the_time_once_and_not_done_clears_it(ann: AsyncClient, path: str) -> None:
    before = (await ann.get(path)).json()
    done = (await ann.patch(path, json={"done": True})).json()
    assert done["done"]
    assert before["createdAt"] <= done["completedAt"] <= done["updatedAt"]
    await asyncio.sleep(0.01)
    again = (await ann.patch(path, json={"done": True, "title": "Other"})).json()
    assert again["completedAt"] == done["completedAt"] != again["updatedAt"]
    reopened = (await ann.patch(path, json={"done": False})).json()
    assert (reopened["done"], reopened["completedAt"]) == (False, None)
    later = (await ann.patch(path, json={"done": True})).json()
    assert later["completedAt"] > done["completedAt"]


async def test_each_edit_changes_the_tag_and_answers_it(ann: AsyncClient, path: str) -> None:
    tags = [(await ann.get(path)).headers["etag"]]
    for done in (True, False):
        tags.append((await ann.patch(path, json={"done": done})).headers["etag"])
        assert (await ann.get(path)).headers["etag"] == tags[-1]
    assert len(set(tags)) == 3


@pytest.mark.parametrize(("header", "status"), [("{tag}", 304), ("W/{tag}", 304), ("*", 304), ('"x"', 200)])
async def test_a_copy_that_is_still_good_is_not_sent_again(
    ann: AsyncClient, path: str, header: str, status: int
) -> None:
    tag = (await ann.get(path)).headers["etag"]
    for method in ("GET", "HEAD"):
        response = await ann.request(method, path, headers={"If-None-Match": header.format(tag=tag)})
        assert (response.status_code, response.headers["etag"]) == (status, tag)


@pytest.mark.parametrize("header", ["W/{tag}", '"another"', '""', "nonsense"])
async def test_an_edit_of_any_other_version_is_412(ann: AsyncClient, path: str, header: str) -> None:
    before = await ann.get(path)
    headers = {"If-Match": header.format(tag=before.headers["etag"])}
    for change in ({"done": True}, {}):
        assert (await ann.patch(path, json=change, headers=headers)).status_code == 412
    assert (await ann.delete(path, headers=headers)).status_code == 412
    assert (await ann.get(path)).json() == before.json()


async def test_a_lost_update_is_412(ann: AsyncClient, path: str) -> None:
    old = (await ann.get(path)).headers["etag"]
    new = (await ann.patch(path, json={"done": True}, headers={"If-Match": old})).headers["etag"]
    assert (await ann.patch(path, json={"done": False}, headers={"If-Match": old})).status_code == 412
    assert (await ann.delete(path, headers={"If-Match": old})).status_code == 412
    assert (await ann.delete(path, headers={"If-Match": f'"x", {new}'})).status_code == 204


async def test_of_many_edits_based_on_one_version_one_wins(ann: AsyncClient, path: str) -> None:
    tag = (await ann.get(path)).headers["etag"]

    async def edit(number: int) -> int:
        body = {"title": str(number)}
        return (await ann.patch(path, json=body, headers={"If-Match": tag})).status_code

    assert sorted(await asyncio.gather(*(edit(number) for number in range(10)))) == [200] + [412] * 9


@pytest.fixture
def before_the_update(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Awaitable[Any]]], None]:
    """Let another request come between the moment a PATCH has loaded the todo and its update."""

    def set_other_request(other_request: Callable[[], Awaitable[Any]]) -> None:
        update_todo = service.update_todo

        async def slow(*arguments: Any) -> Any:
            monkeypatch.undo()
            await other_request()
            return await update_todo(*arguments)

        monkeypatch.setattr(service, "update_todo", slow)

    return set_other_request


async def test_an_edit_shows_what_another_edit_changed_in_between(
    ann: AsyncClient, path: str, before_the_update: Callable[..., None]
) -> None:
    before_the_update(lambda: ann.patch(path, json={"notes": "between", "done": True}))
    edited = await ann.patch(path, json={"title": "Other"})
    assert (edited.json()["notes"], edited.json()["done"]) == ("between", True)
    stored = await ann.get(path)
    assert (edited.json(), edited.headers["etag"]) == (stored.json(), stored.headers["etag"])


async def test_an_edit_of_a_todo_that_is_deleted_in_between_is_404(
    ann: AsyncClient, path: str, before_the_update: Callable[..., None]
) -> None:
    before_the_update(lambda: ann.delete(path))
    assert (await ann.patch(path, json={"done": True})).status_code == 404


async def test_a_deleted_todo_is_gone(ann: AsyncClient, path: str) -> None:
    response = await ann.delete(path)
    assert (response.status_code, response.content) == (204, b"")
    assert (await ann.get(path)).status_code == 404
    assert (await ann.delete(path)).status_code == 404
    assert (await ann.get(TODOS)).json()["items"] == []


@pytest.mark.parametrize("todo_id", ["x", "1", "..%2f..%2f", str(uuid4()), "%00"])
async def test_unknown_and_malformed_ids_are_404(ann: AsyncClient, todo_id: str) -> None:
    path = f"{TODOS}/{todo_id}"
    headers = {"If-Match": '"1"'}
    for response in (
        await ann.get(path),
        await ann.patch(path, json={}, headers=headers),
        await ann.delete(path, headers=headers),
    ):
        assert (response.status_code, response.json()["type"]) == (404, "/problems/not-found")
