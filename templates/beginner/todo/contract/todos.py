"""Short words for what the cases of the todo list do over and over."""

from __future__ import annotations

import secrets
from typing import Any

TODOS = "/api/v1/todos"
COMPLETE = f"{TODOS}/complete"
MEMBERS = set("id title notes done dueDate priority tags createdAt updatedAt completedAt".split())


def mark() -> str:
    """A word that is in no other todo."""
    return f"mark{secrets.token_hex(6)}"


def create(client: Any, title: str = "Buy milk", **members: Any) -> dict[str, Any]:
    """Create a todo and return it as answered."""
    response = client.post(TODOS, json={"title": title, **members})
    assert response.status_code == 201, f"{title!r} {members}: {response.status_code} {response.text[:300]}"
    return response.json()


def path(todo: dict[str, Any]) -> str:
    """The path of a todo."""
    return f"{TODOS}/{todo['id']}"


def read(client: Any, todo: dict[str, Any]) -> dict[str, Any]:
    """The todo as it is now."""
    response = client.get(path(todo))
    assert response.status_code == 200, f"{response.status_code} {response.text[:300]}"
    return response.json()


def etag(client: Any, todo: dict[str, Any]) -> str:
    """The todo's ETag as GET has it."""
    return client.get(path(todo)).headers["etag"]


def edit(client: Any, todo: dict[str, Any], **members: Any) -> dict[str, Any]:
    """Change a todo and return it as answered."""
    response = client.patch(path(todo), json=members)
    assert response.status_code == 200, f"{members}: {response.status_code} {response.text[:300]}"
    return response.json()


def found(client: Any, **params: Any) -> list[dict[str, Any]]:
    """The items of a list's first page."""
    response = client.get(TODOS, params=params)
    assert response.status_code == 200, f"{params}: {response.status_code} {response.text[:300]}"
    return response.json()["items"]


def titles(client: Any, **params: Any) -> list[str]:
    """The titles on a list's first page."""
    return [todo["title"] for todo in found(client, **params)]
