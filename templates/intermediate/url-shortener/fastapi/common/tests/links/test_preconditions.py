"""ETags: If-Match on edits, If-None-Match on reads."""

from uuid import uuid4

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from tests.links.conftest import LINKS, Make


@pytest.fixture
async def path(make: Make) -> str:
    return f"{LINKS}/{(await make(code='summer'))['id']}"


async def test_each_edit_returns_a_new_etag(ann: AsyncClient, path: str) -> None:
    tags = [(await ann.get(path)).headers["etag"]]
    for enabled in (False, True):
        tags.append((await ann.patch(path, json={"enabled": enabled})).headers["etag"])
        assert (await ann.get(path)).headers["etag"] == tags[-1]
    assert len(set(tags)) == 3


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("{tag}", 304),
        ("W/{tag}", 304),
        ('"another", {tag}', 304),
        ("*", 304),
        ('"another"', 200),
        ("nonsense", 200),
    ],
)
async def test_if_none_match_returns_304_or_200(
    ann: AsyncClient, path: str, header: str, status: int
) -> None:
    tag = (await ann.get(path)).headers["etag"]
    headers = {"If-None-Match": header.format(tag=tag)}
    for method in ("GET", "HEAD"):
        response = await ann.request(method, path, headers=headers)
        assert (response.status_code, response.headers["etag"]) == (status, tag)
    assert ((await ann.get(path, headers=headers)).content == b"") == (status == 304)


async def test_if_none_match_with_an_old_etag_returns_200(ann: AsyncClient, path: str) -> None:
    tag = (await ann.get(path)).headers["etag"]
    await ann.patch(path, json={"url": "https://example.com/new"})
    response = await ann.get(path, headers={"If-None-Match": tag})
    assert (response.status_code, response.json()["url"]) == (200, "https://example.com/new")


@pytest.mark.parametrize("header", ["{tag}", "*", '"another", {tag}'])
async def test_if_match_with_the_current_etag_succeeds(ann: AsyncClient, path: str, header: str) -> None:
    tag = (await ann.get(path)).headers["etag"]
    response = await ann.patch(path, json={"enabled": False}, headers={"If-Match": header.format(tag=tag)})
    assert (response.status_code, response.json()["enabled"]) == (200, False)


@pytest.mark.parametrize("header", ["W/{tag}", '"another"', '""', "nonsense"])
async def test_if_match_with_another_etag_returns_412(ann: AsyncClient, path: str, header: str) -> None:
    before = await ann.get(path)
    headers = {"If-Match": header.format(tag=before.headers["etag"])}
    assert (await ann.patch(path, json={"enabled": False}, headers=headers)).status_code == 412
    assert (await ann.patch(path, json={}, headers=headers)).status_code == 412
    assert (await ann.delete(path, headers=headers)).status_code == 412
    assert (await ann.get(path)).json() == before.json()


async def test_unknown_link_returns_404_whatever_if_match_says(ann: AsyncClient) -> None:
    headers = {"If-Match": '"1"'}
    path = f"{LINKS}/{uuid4()}"
    assert (await ann.patch(path, json={}, headers=headers)).status_code == 404
    assert (await ann.delete(path, headers=headers)).status_code == 404


async def test_visits_do_not_change_the_etag(
    app: FastAPI, ann: AsyncClient, visitor: AsyncClient, path: str
) -> None:
    tag = (await ann.get(path)).headers["etag"]
    await visitor.get("/summer")
    await app.state.click_counter.flush()
    assert (await ann.get(path)).json()["clicks"] == 1
    assert (await ann.patch(path, json={"enabled": False}, headers={"If-Match": tag})).status_code == 200
