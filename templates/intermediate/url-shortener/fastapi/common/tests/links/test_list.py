"""Listing links."""

import pytest
from httpx import AsyncClient

from tests.links.conftest import LINKS, Make


async def codes(client: AsyncClient, query: str = "") -> list[str]:
    response = await client.get(f"{LINKS}?{query}")
    assert response.status_code == 200, response.text
    return [link["code"] for link in response.json()["items"]]


async def test_links_come_newest_first_in_pages(ann: AsyncClient, make: Make) -> None:
    made = [(await make())["code"] for _ in range(7)]
    walked: list[str] = []
    cursor = ""
    while True:
        page = (await ann.get(f"{LINKS}?limit=3{cursor}")).json()
        walked += [link["code"] for link in page["items"]]
        await make()  # what is made meanwhile shifts nothing
        if page["nextCursor"] is None:
            break
        cursor = f"&cursor={page['nextCursor']}"
    assert walked == made[::-1]


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=101",
        "limit=-1",
        "limit=1.5",
        "limit=",
        "cursor=",
        "cursor=x",
        "cursor=MQ",
        "q=%00",
        f"q={'x' * 201}",
    ],
)
async def test_invalid_queries_return_422(ann: AsyncClient, query: str) -> None:
    response = await ann.get(f"{LINKS}?{query}")
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == query.partition("=")[0]


async def test_unknown_parameters_are_ignored(ann: AsyncClient, make: Make) -> None:
    await make(code="abc")
    assert await codes(ann, "q[$ne]=x&order=asc&order=desc") == ["abc"]


async def test_search_finds_a_part_of_code_or_url_without_regard_to_case(
    ann: AsyncClient, make: Make
) -> None:
    await make(code="Summer", url="https://example.com/a")
    await make(code="winter", url="https://example.com/SUMMERtime-Äpfel-ЖΩ")
    await make(code="autumn", url="https://example.com/b")
    assert await codes(ann, "q=sUmMeR") == ["winter", "Summer"]
    assert await codes(ann, "q=äPFEL-жω") == ["winter"]
    assert await codes(ann, "q=spring") == []


@pytest.mark.parametrize("text", ["%25", "_", ".*", "\\", "'", "a|b", "[a-z]"])
async def test_search_takes_its_text_literally(ann: AsyncClient, make: Make, text: str) -> None:
    await make(code="abc", url="https://example.com/plain")
    assert await codes(ann, f"q={text}") == []


async def test_deleted_links_are_not_listed(ann: AsyncClient, make: Make) -> None:
    link = await make()
    await ann.delete(f"{LINKS}/{link['id']}")
    assert await codes(ann) == []
