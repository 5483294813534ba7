"""What the tests of todos share."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from httpx import AsyncClient

TODOS = "/api/v1/todos"
Make = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
def make(ann: AsyncClient) -> Make:
    """Add a todo of Ann's."""

    async def made(title: str = "Buy milk", **members: Any) -> dict[str, Any]:
        response = await ann.post(TODOS, json={"title": title, **members})
        assert response.status_code == 201, response.text
        todo: dict[str, Any] = response.json()
        return todo

    return made
