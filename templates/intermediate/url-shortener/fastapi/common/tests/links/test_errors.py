"""Errors are problem documents (RFC 9457)."""

from typing import Any
from uuid import uuid4

import pytest
from httpx import AsyncClient, Response

from app.config import Settings
from tests.links.conftest import LINKS, Make

JSON = {"Content-Type": "application/json"}
GOOD = b'{"url": "https://example.com"}'


def check_problem(response: Response, status: int, kind: str) -> None:
    problem = response.json()
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert (problem["type"], problem["status"]) == (f"/problems/{kind}", status)
    assert problem["title"]
    assert problem["detail"]
    assert ("errors" in problem) == (status == 422)


@pytest.mark.parametrize(
    ("body", "headers", "status", "kind"),
    [
        (b"", JSON, 400, "malformed-body"),
        (b'{"url"', JSON, 400, "malformed-body"),
        (b'{"url": "\xff"}', JSON, 400, "malformed-body"),
        (b"[" * 100_000, JSON, 400, "malformed-body"),
        (b'{"url": NaN}', JSON, 422, "validation"),
        (b'{"url": "https://example.com/\\u0000"}', JSON, 422, "validation"),
        (b'{"url": "https://example.com/\\ud800"}', JSON, 422, "validation"),
        (GOOD, {"Content-Type": "text/plain"}, 415, "unsupported-media-type"),
        (GOOD, {}, 415, "unsupported-media-type"),
        (b"[]", JSON, 422, "validation"),
    ],
)
async def test_unreadable_bodies_are_refused_alike_by_post_and_patch(
    ann: AsyncClient, make: Make, body: bytes, headers: dict[str, str], status: int, kind: str
) -> None:
    path = f"{LINKS}/{(await make())['id']}"
    check_problem(await ann.post(LINKS, content=body, headers=headers), status, kind)
    check_problem(await ann.patch(path, content=body, headers=headers), status, kind)


async def test_body_over_the_limit_returns_413(ann: AsyncClient, make: Make, settings: Settings) -> None:
    path = f"{LINKS}/{(await make())['id']}"
    body = GOOD + b" " * settings.max_body_bytes
    check_problem(await ann.post(LINKS, content=body, headers=JSON), 413, "payload-too-large")
    check_problem(await ann.patch(path, content=body, headers=JSON), 413, "payload-too-large")


async def test_validation_error_names_every_invalid_member(ann: AsyncClient) -> None:
    body = {"url": "ftp://example.com", "code": "a b", "expiresAt": "soon", "owner": {"id": "eve"}}
    response = await ann.post(LINKS, json=body)
    check_problem(response, 422, "validation")
    errors = response.json()["errors"]
    assert {error["field"] for error in errors} == {"url", "code", "expiresAt", "owner"}
    assert all(error["message"] for error in errors)


@pytest.mark.parametrize("value", [None, 1, True, [], ["https://example.com"], {"$gt": ""}])
async def test_member_of_the_wrong_type_returns_422(ann: AsyncClient, value: Any) -> None:
    response = await ann.post(LINKS, json={"url": value})
    check_problem(response, 422, "validation")
    assert response.json()["errors"][0]["field"] == "url"


async def test_url_over_2048_characters_returns_422(ann: AsyncClient, make: Make) -> None:
    longest = "https://example.com/".ljust(2048, "ü")
    assert (await make(url=longest))["url"] == longest
    check_problem(await ann.post(LINKS, json={"url": f"{longest}x"}), 422, "validation")


@pytest.mark.parametrize("rest", ["", "/stats", "/qr.svg"])
async def test_unknown_paths_and_ids_return_404(ann: AsyncClient, rest: str) -> None:
    check_problem(await ann.get(f"{LINKS}/{uuid4()}{rest}"), 404, "not-found")


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        (LINKS, "GET, HEAD, POST"),
        (f"{LINKS}/{uuid4()}", "DELETE, GET, HEAD, PATCH"),
        (f"{LINKS}/{uuid4()}/stats", "GET, HEAD"),
        (f"{LINKS}/{uuid4()}/qr.svg", "GET, HEAD"),
        ("/summer", "GET, HEAD"),
    ],
)
@pytest.mark.parametrize("method", ["PUT", "TRACE"])
async def test_wrong_method_returns_405_with_allowed_methods(
    ann: AsyncClient, method: str, path: str, allowed: str
) -> None:
    response = await ann.request(method, path)
    check_problem(response, 405, "method-not-allowed")
    assert response.headers["allow"] == allowed


@pytest.mark.parametrize("rest", ["", "/{id}", "/{id}/stats", "/{id}/qr.svg"])
async def test_head_returns_the_headers_of_get(ann: AsyncClient, make: Make, rest: str) -> None:
    path = LINKS + rest.format(**await make())
    get, head = await ann.get(path), await ann.head(path)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-type", "content-length", "etag"):
        assert head.headers.get(name) == get.headers.get(name)


async def test_conflicts_return_409_412_and_410(ann: AsyncClient, visitor: AsyncClient, make: Make) -> None:
    link = await make(code="summer")
    path = f"{LINKS}/{link['id']}"
    check_problem(await ann.post(LINKS, json={"url": link["url"], "code": "summer"}), 409, "conflict")
    check_problem(await ann.delete(path, headers={"If-Match": '"0"'}), 412, "precondition-failed")
    await ann.delete(path)
    check_problem(await visitor.get("/summer"), 410, "gone")
