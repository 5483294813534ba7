"""Completing many todos, all or none."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from httpx import AsyncClient

from tests.todos.conftest import TODOS, Make

COMPLETE = f"{TODOS}/complete"


async def ids_of(make: Make, count: int) -> list[str]:
    return [(await make(f"Number {number}"))["id"] for number in range(count)]


async def test_all_are_done_and_no_other(ann: AsyncClient, make: Make) -> None:
    ids, other = await ids_of(make, 3), await make("other")
    response = await ann.post(COMPLETE, json={"ids": [*ids, ids[0]]})
    assert response.status_code == 200
    items = response.json()["items"]
    assert sorted(todo["id"] for todo in items) == sorted(ids)
    for todo in items:
        assert todo["done"]
        assert todo["completedAt"]
        assert (await ann.get(f"{TODOS}/{todo['id']}")).json() == todo
    assert (await ann.get(f"{TODOS}/{other['id']}")).json() == other


async def test_those_that_are_done_stay_as_they_are(ann: AsyncClient, make: Make) -> None:
    first, second = await ids_of(make, 2)
    done = await ann.patch(f"{TODOS}/{first}", json={"done": True})
    await asyncio.sleep(0.01)
    assert (await ann.post(COMPLETE, json={"ids": [first, second]})).status_code == 200
    after = await ann.get(f"{TODOS}/{first}")
    assert (after.json(), after.headers["etag"]) == (done.json(), done.headers["etag"])


async def test_a_completed_todo_has_another_tag(ann: AsyncClient, make: Make) -> None:
    path = f"{TODOS}/{(await make())['id']}"
    tag = (await ann.get(path)).headers["etag"]
    await ann.post(COMPLETE, json={"ids": [path.rpartition("/")[2]]})
    assert (await ann.patch(path, json={"done": False}, headers={"If-Match": tag})).status_code == 412


@pytest.mark.parametrize("unknown", [str(uuid4()), "x", "", "null", "%00", "\0"])
async def test_with_one_unknown_id_nothing_is_done(ann: AsyncClient, make: Make, unknown: str) -> None:
    ids = await ids_of(make, 2)
    for order in ([unknown, *ids], [*ids, unknown]):
        response = await ann.post(COMPLETE, json={"ids": order})
        assert (response.status_code, response.json()["type"]) == (404, "/problems/not-found")
    assert (await ann.get(f"{TODOS}?done=true")).json()["items"] == []


@pytest.mark.parametrize(
    ("field", "body"),
    [
        ("ids", {}),
        ("ids", {"ids": []}),
        ("ids", {"ids": None}),
        ("ids", {"ids": "x"}),
        ("ids", {"ids": [str(uuid4()) for _ in range(101)]}),
        ("ids.1", {"ids": ["x", 5]}),
        ("ids.0", {"ids": [{"$gt": ""}]}),
        ("done", {"ids": ["x"], "done": False}),
    ],
)
async def test_a_bad_body_is_422(ann: AsyncClient, field: str, body: dict[str, Any]) -> None:
    response = await ann.post(COMPLETE, json=body)
    assert response.status_code == 422
    assert field in [error["field"] for error in response.json()["errors"]]


async def test_two_lists_in_opposite_order_do_not_wait_for_each_other(ann: AsyncClient, make: Make) -> None:
    ids = await ids_of(make, 10)

    async def complete(order: list[str]) -> list[str]:
        response = await ann.post(COMPLETE, json={"ids": order})
        return sorted(todo["completedAt"] for todo in response.json()["items"])

    times = await asyncio.gather(*(complete(order) for order in [ids, ids[::-1]] * 3))
    assert times == [times[0]] * 6


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE", "PUT"])
async def test_it_is_a_step_and_not_the_id_of_a_todo(ann: AsyncClient, method: str) -> None:
    response = await ann.request(method, COMPLETE)
    assert (response.status_code, response.headers["allow"]) == (405, "POST")
