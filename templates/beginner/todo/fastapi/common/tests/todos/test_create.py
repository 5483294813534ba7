"""Adding todos."""

from typing import Any

import pytest
from httpx import AsyncClient

from tests.todos.conftest import TODOS, Make


async def test_a_title_is_enough(ann: AsyncClient) -> None:
    response = await ann.post(TODOS, json={"title": "  Buy milk\n"})
    todo = response.json()
    assert response.status_code == 201
    assert response.headers["location"] == f"{TODOS}/{todo['id']}"
    assert (todo["title"], todo["notes"], todo["done"]) == ("Buy milk", "", False)
    assert (todo["dueDate"], todo["priority"], todo["tags"]) == (None, "normal", [])
    assert todo["completedAt"] is None
    again = await ann.get(response.headers["location"])
    assert again.json() == todo
    assert again.headers["etag"] == response.headers["etag"]


async def test_what_was_sent_is_kept(make: Make) -> None:
    sent = {"notes": "$title\n'; --", "dueDate": "2028-02-29", "priority": "high", "tags": ["home", "日本 ü"]}
    todo = await make("{{ $title }}", **sent)
    assert {name: todo[name] for name in sent} == sent
    assert todo["title"] == "{{ $title }}"


async def test_repeated_tags_are_kept_once_and_in_their_order(make: Make) -> None:
    assert (await make(tags=["b", " a ", "b", "B", "a"]))["tags"] == ["b", "a", "B"]
    many = [f"tag {number}" for number in range(10)]
    assert (await make(tags=many * 2))["tags"] == many


@pytest.mark.parametrize(
    ("member", "value"), [("title", "🚀" * 200), ("notes", "🚀" * 5000), ("tags", ["🚀" * 30])]
)
async def test_limits_count_characters_and_not_bytes(ann: AsyncClient, member: str, value: Any) -> None:
    response = await ann.post(TODOS, json={"title": "x", member: value})
    assert (response.status_code, response.json()[member]) == (201, value)
    longer = [value[0] + "x"] if isinstance(value, list) else value + "x"
    assert (await ann.post(TODOS, json={"title": "x", member: longer})).status_code == 422


@pytest.mark.parametrize(
    ("field", "members"),
    [
        ("title", {"title": " \u3000"}),
        ("title", {"title": None}),
        ("title", {"title": 5}),
        ("title", {"title": "nul \0"}),
        ("notes", {"notes": None}),
        ("notes", {"notes": "nul \0"}),
        ("dueDate", {"dueDate": "2030-02-30"}),
        ("dueDate", {"dueDate": ""}),
        ("priority", {"priority": "urgent"}),
        ("priority", {"priority": 1}),
        ("priority", {"priority": None}),
        ("tags", {"tags": [str(number) for number in range(11)]}),
        ("tags", {"tags": "home"}),
        ("tags.1", {"tags": ["good", " "]}),
        ("tags.0", {"tags": ["two\nlines"]}),
        ("done", {"done": True}),
        ("ownerId", {"ownerId": "eve"}),
        ("version", {"version": 7}),
    ],
)
async def test_what_is_wrong_is_named(ann: AsyncClient, field: str, members: dict[str, Any]) -> None:
    response = await ann.post(TODOS, json={"title": "Buy milk", **members})
    assert (response.status_code, response.json()["type"]) == (422, "/problems/validation")
    assert [error["field"] for error in response.json()["errors"]] == [field]


async def test_all_mistakes_are_named_at_once(ann: AsyncClient) -> None:
    body = {"title": "", "dueDate": "soon", "priority": "urgent", "tags": [""], "colour": "red"}
    errors = (await ann.post(TODOS, json=body)).json()["errors"]
    assert {error["field"] for error in errors} == {"title", "dueDate", "priority", "tags.0", "colour"}
    assert all(error["message"] for error in errors)


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"", "application/json", 400),
        (b'{"title"', "application/json", 400),
        (b'{"title": "\xff"}', "application/json", 400),
        (b'{"title": "\\ud800"}', "application/json", 422),
        (b"[]", "application/json", 422),
        (b'{"title": "x"}', "text/plain", 415),
    ],
)
async def test_a_body_that_cannot_be_read_is_refused_alike_by_post_and_patch(
    ann: AsyncClient, make: Make, body: bytes, content_type: str, status: int
) -> None:
    headers = {"Content-Type": content_type}
    path = f"{TODOS}/{(await make())['id']}"
    assert (await ann.post(TODOS, content=body, headers=headers)).status_code == status
    assert (await ann.patch(path, content=body, headers=headers)).status_code == status
