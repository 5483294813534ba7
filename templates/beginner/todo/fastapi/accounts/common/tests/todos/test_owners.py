"""Whose todos are whose."""

from typing import Any
from uuid import uuid4

import pytest
from httpx import AsyncClient

from tests.conftest import SignIn
from tests.sign_in import prepare
from tests.todos.conftest import TODOS, Make

ROUTES = [
    ("GET", TODOS),
    ("POST", TODOS),
    ("POST", f"{TODOS}/complete"),
    ("GET", f"{TODOS}/{uuid4()}"),
    ("PATCH", f"{TODOS}/{uuid4()}"),
    ("DELETE", f"{TODOS}/{uuid4()}"),
]


@pytest.fixture
async def eve(as_user: SignIn) -> AsyncClient:
    return await as_user("eve")


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_a_stranger_is_asked_to_sign_in_before_anything_else(
    visitor: AsyncClient, method: str, path: str
) -> None:
    await prepare(visitor)
    response = await visitor.request(method, f"{path}?limit=x", json={})
    assert (response.status_code, response.json()["type"]) == (401, "/problems/unauthenticated")


async def test_somebody_elses_todo_looks_like_none(ann: AsyncClient, eve: AsyncClient, make: Make) -> None:
    todo = await make()
    theirs, unknown = f"{TODOS}/{todo['id']}", f"{TODOS}/{uuid4()}"
    bodies: dict[str, Any] = {"GET": None, "PATCH": {"done": True}, "DELETE": None}
    for method, body in bodies.items():
        for headers in ({}, {"If-Match": '"7"'}, {"If-Match": '"1"'}):
            there = await eve.request(method, theirs, headers=headers, json=body)
            nowhere = await eve.request(method, unknown, headers=headers, json=body)
            assert there.status_code == 404, method
            assert there.json() == nowhere.json()
    assert (await ann.get(theirs)).json() == todo


async def test_nobody_completes_somebody_elses_todo(ann: AsyncClient, eve: AsyncClient, make: Make) -> None:
    hers = await make()
    his = (await eve.post(TODOS, json={"title": "mine"})).json()
    response = await eve.post(f"{TODOS}/complete", json={"ids": [his["id"], hers["id"]]})
    assert response.status_code == 404
    assert (await ann.get(f"{TODOS}/{hers['id']}")).json() == hers
    assert (await eve.get(f"{TODOS}/{his['id']}")).json() == his


async def test_lists_and_cursors_stay_within_ones_own_todos(
    ann: AsyncClient, eve: AsyncClient, make: Make
) -> None:
    members = {"tags": ["shared"], "priority": "high", "dueDate": "2030-01-01"}
    for number in range(3):
        await make(f"anns {number}", **members)
        await eve.post(TODOS, json={"title": f"eves {number}", **members})
    cursor = (await ann.get(f"{TODOS}?limit=1")).json()["nextCursor"]
    queries = ["q=s", "tag=shared", "priority=high", "dueBefore=2031-01-01", "sort=dueDate"]
    for query in [*queries, f"cursor={cursor}"]:
        todos = (await eve.get(f"{TODOS}?{query}")).json()["items"]
        assert todos
        assert all(todo["title"].startswith("eves") for todo in todos)
    assert (await eve.get(f"{TODOS}?q=anns")).json()["items"] == []


async def test_todos_end_with_their_account(
    ann: AsyncClient, eve: AsyncClient, as_user: SignIn, make: Make
) -> None:
    await make()
    await eve.post(TODOS, json={"title": "stays"})
    await ann.request("DELETE", "/api/v1/auth/me", json={"password": "correct horse battery"})
    again = await as_user("ann")
    assert (await again.get(TODOS)).json()["items"] == []
    assert len((await eve.get(TODOS)).json()["items"]) == 1
