"""Without the database there is no answer but 503."""

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from tests.database import outage
from tests.todos.conftest import TODOS, Make


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", TODOS),
        ("GET", TODOS),
        ("GET", TODOS + "/{id}"),
        ("PATCH", TODOS + "/{id}"),
        ("DELETE", TODOS + "/{id}"),
        ("POST", TODOS + "/complete"),
    ],
)
async def test_what_needs_the_database_is_503(
    app: FastAPI, ann: AsyncClient, make: Make, method: str, path: str
) -> None:
    todo = await make()
    body = {"ids": [todo["id"]]} if path.endswith("complete") else {"title": "Other"}
    json = {"json": body} if method in ("POST", "PATCH") else {}
    with outage(app):
        response = await ann.request(method, path.format(**todo), **json)  # type: ignore[arg-type]
    assert (response.status_code, response.json()["type"]) == (503, "/problems/unavailable")
    assert int(response.headers["retry-after"]) >= 1


@pytest.mark.parametrize("path", [TODOS, TODOS + "/{id}"])
async def test_head_is_get_without_the_body(ann: AsyncClient, make: Make, path: str) -> None:
    path = path.format(**await make())
    get, head = await ann.get(path), await ann.head(path)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-type", "content-length", "etag"):
        assert head.headers.get(name) == get.headers.get(name)
