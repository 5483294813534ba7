"""Bodies are read strictly: RFC 8259, and nothing is coerced."""

from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Annotated

import pytest
from fastapi import Depends, FastAPI
from httpx import ASGITransport, AsyncClient

from app.errors import install_error_handlers
from app.json_body import MERGE_PATCH, JsonBody
from app.schemas import RequestModel

JSON = {"Content-Type": "application/json"}


class Note(RequestModel):
    title: str
    is_done: bool = False


@pytest.fixture
async def client() -> AsyncIterator[AsyncClient]:
    app = FastAPI()
    app.state.settings = SimpleNamespace(max_body_bytes=1000)
    install_error_handlers(app)

    @app.post("/notes")
    async def post(note: Annotated[Note, Depends(JsonBody(Note))]) -> str:
        return note.title

    @app.patch("/notes")
    async def patch(note: Annotated[Note, Depends(JsonBody(Note, MERGE_PATCH))]) -> str:
        return note.title

    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        yield client


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"{} {}",
        b'{"title": "\xff"}',
        b'{"title": NaN}',
        b'{"title": -Infinity}',
        b'{"title": 1e999}',
        b'{"title": "a\\u0000b"}',
        b'{"a\\u0000b": 1}',
        b"[" * 101 + b"]" * 101,
        b"[" * 100_000,
    ],
)
async def test_what_is_not_json_is_400(client: AsyncClient, body: bytes) -> None:
    response = await client.post("/notes", content=body[:900], headers=JSON)
    assert response.status_code == 400
    assert response.json()["type"] == "/problems/malformed-body"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"[]", ""),
        (b'"text"', ""),
        (b"{}", "title"),
        (b'{"title": 1}', "title"),
        (b'{"title": "a", "isDone": "true"}', "isDone"),
        (b'{"title": "a", "is_done": true}', "is_done"),
        (b'{"title": "a", "owner": "ann"}', "owner"),
        (b'{"title": {"$gt": ""}}', "title"),
        (b'{"title": "\\ud800"}', "title"),
        (b'{"title": "a", "\\ud800": 1}', ""),
        (b"[" * 100 + b"]" * 100, ""),
    ],
)
async def test_json_of_the_wrong_shape_is_422_and_names_the_member(
    client: AsyncClient, body: bytes, field: str
) -> None:
    response = await client.post("/notes", content=body, headers=JSON)
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == [field]


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "text/plain",
        "application/jsonp",
        "application/json; charset=latin-1",
        "application/merge-patch+json",
    ],
)
async def test_other_content_types_are_415(client: AsyncClient, content_type: str | None) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    response = await client.post("/notes", content=b'{"title": "a"}', headers=headers)
    assert response.status_code == 415


async def test_json_may_name_its_charset(client: AsyncClient) -> None:
    headers = {"Content-Type": "Application/JSON; charset=UTF-8"}
    assert (await client.post("/notes", content=b'{"title": "a"}', headers=headers)).status_code == 200


async def test_a_patch_may_be_a_merge_patch(client: AsyncClient) -> None:
    headers = {"Content-Type": "application/merge-patch+json"}
    assert (await client.patch("/notes", content=b'{"title": "a"}', headers=headers)).status_code == 200


async def test_a_missing_body_is_400_even_without_a_content_type(client: AsyncClient) -> None:
    assert (await client.post("/notes")).status_code == 400


async def test_a_body_may_have_as_many_bytes_as_the_limit(client: AsyncClient) -> None:
    body = b'{"title": "%b"}' % (b"a" * (1000 - 13))
    assert len(body) == 1000
    assert (await client.post("/notes", content=body, headers=JSON)).status_code == 200
    assert (await client.post("/notes", content=body + b" ", headers=JSON)).status_code == 413


async def test_a_body_without_a_declared_length_is_measured_while_read(client: AsyncClient) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b" " * 100

    assert (await client.post("/notes", content=endless(), headers=JSON)).status_code == 413


async def test_a_declared_length_is_judged_before_anything_is_read(client: AsyncClient) -> None:
    async def unread() -> AsyncIterator[bytes]:
        pytest.fail("was read")
        yield b""

    response = await client.post("/notes", content=unread(), headers={**JSON, "Content-Length": "1001"})
    assert response.status_code == 413
