"""Listing todos: filters, search, order and pages."""

from itertools import product

import pytest
from httpx import AsyncClient

from tests.todos.conftest import TODOS, Make

SORTS = ["createdAt", "-createdAt", "dueDate", "-dueDate", "priority", "-priority"]


async def titles(client: AsyncClient, **params: str) -> list[str]:
    response = await client.get(TODOS, params=params)
    assert response.status_code == 200, response.text
    return [todo["title"] for todo in response.json()["items"]]


async def walk(client: AsyncClient, **params: str) -> list[list[str]]:
    """Return the titles of all pages."""
    pages = []
    while True:
        page = (await client.get(TODOS, params=params)).json()
        pages.append([todo["title"] for todo in page["items"]])
        if page["nextCursor"] is None:
            return pages
        params["cursor"] = page["nextCursor"]


@pytest.fixture
async def assorted(make: Make) -> None:
    """Todos with every pair of a priority and a due date, some pairs twice."""
    kinds = list(product(("normal", "high", "low"), ("2030-05-01", None, "2029-12-31", "2030-05-01")))
    for priority, due_date in kinds[::2] + kinds[1::2]:
        await make(f"{priority} {due_date}", priority=priority, dueDate=due_date)


@pytest.fixture
async def shopping(make: Make) -> None:
    await make("Milk", notes="Oats, NOT cow", tags=["shop", "food"], dueDate="2030-01-02", priority="high")
    await make("Äpfel ЖΩ", tags=["shopping"], dueDate="2030-01-01")
    await make("100%_(a).*", tags=["Shop"], priority="low")


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({}, ["100%_(a).*", "Äpfel ЖΩ", "Milk"]),
        ({"priority": "high"}, ["Milk"]),
        ({"tag": "shop"}, ["Milk"]),
        ({"tag": "food"}, ["Milk"]),
        ({"tag": "Shop"}, ["100%_(a).*"]),
        ({"tag": "sho%"}, []),
        ({"dueBefore": "2030-01-02"}, ["Äpfel ЖΩ"]),
        ({"dueBefore": "2030-01-03"}, ["Äpfel ЖΩ", "Milk"]),
        ({"dueBefore": "2030-01-03", "priority": "high", "q": "m"}, ["Milk"]),
        ({"q": "mILK"}, ["Milk"]),
        ({"q": "not cow"}, ["Milk"]),
        ({"q": "äPFEL жω"}, ["Äpfel ЖΩ"]),
        ({"q": "%_(a).*"}, ["100%_(a).*"]),
        ({"q": "M_lk"}, []),
        ({"q": "M.*k"}, []),
        ({"q": "shop"}, []),
    ],
)
@pytest.mark.usefixtures("shopping")
async def test_filters(ann: AsyncClient, params: dict[str, str], found: list[str]) -> None:
    assert await titles(ann, **params) == found


async def test_done_and_not_done(ann: AsyncClient, make: Make) -> None:
    todo = await make("Done")
    await make("Open")
    await ann.patch(f"{TODOS}/{todo['id']}", json={"done": True})
    assert await titles(ann, done="true") == ["Done"]
    assert await titles(ann, done="false") == ["Open"]


async def test_a_tag_that_was_taken_away_finds_nothing(ann: AsyncClient, make: Make) -> None:
    todo = await make(tags=["old", "kept"])
    await ann.patch(f"{TODOS}/{todo['id']}", json={"tags": ["kept", "new"]})
    assert await titles(ann, tag="old") == []
    assert await titles(ann, tag="new") == await titles(ann, tag="kept") == ["Buy milk"]


@pytest.mark.usefixtures("assorted")
async def test_no_due_date_comes_last_both_ways(ann: AsyncClient) -> None:
    dates = ["2029-12-31"] * 3 + ["2030-05-01"] * 6
    for sort, expected in (("dueDate", dates), ("-dueDate", dates[::-1])):
        assert [title.split()[1] for title in await titles(ann, sort=sort)] == [*expected, *["None"] * 3]


@pytest.mark.usefixtures("assorted")
async def test_priorities_are_sorted_by_rank_and_not_by_the_alphabet(ann: AsyncClient) -> None:
    expected = ["low"] * 4 + ["normal"] * 4 + ["high"] * 4
    assert [title.split()[0] for title in await titles(ann, sort="priority")] == expected
    assert [title.split()[0] for title in await titles(ann, sort="-priority")] == expected[::-1]


@pytest.mark.parametrize("limit", ["1", "5"])
@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.usefixtures("assorted")
async def test_pages_lose_and_repeat_nothing_in_any_order(ann: AsyncClient, sort: str, limit: str) -> None:
    pages = await walk(ann, sort=sort, limit=limit)
    assert [title for page in pages for title in page] == await titles(ann, sort=sort)


async def test_a_todo_that_is_added_meanwhile_shifts_nothing(ann: AsyncClient, make: Make) -> None:
    for number in range(5):
        await make(str(number))
    page = (await ann.get(f"{TODOS}?limit=3")).json()
    await make("new")
    assert await titles(ann, cursor=page["nextCursor"]) == ["1", "0"]


@pytest.mark.parametrize("sort", ["-createdAt", "dueDate", "priority"])
@pytest.mark.usefixtures("assorted")
async def test_the_last_todo_of_a_page_may_be_deleted_meanwhile(ann: AsyncClient, sort: str) -> None:
    whole = await titles(ann, sort=sort)
    page = (await ann.get(f"{TODOS}?limit=7&sort={sort}")).json()
    await ann.delete(f"{TODOS}/{page['items'][-1]['id']}")
    assert await titles(ann, sort=sort, cursor=page["nextCursor"]) == whole[7:]


@pytest.mark.usefixtures("assorted")
async def test_filters_hold_on_every_page(ann: AsyncClient) -> None:
    assert [len(page) for page in await walk(ann, priority="high", sort="dueDate", limit="3")] == [3, 1]


@pytest.mark.usefixtures("assorted")
async def test_a_cursor_may_be_used_in_another_order(ann: AsyncClient) -> None:
    for first, second in product(SORTS, SORTS):
        cursor = (await ann.get(f"{TODOS}?limit=2&sort={first}")).json()["nextCursor"]
        assert (await ann.get(f"{TODOS}?sort={second}&cursor={cursor}")).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        *("limit=0", "limit=101", "limit=1.5", "limit="),
        *("cursor=", "cursor=x", "cursor=MQ", "cursor=e30"),
        *("done=yes", "done=True", "done=", "priority=urgent", "priority="),
        *("dueBefore=2030-02-30", "dueBefore=tomorrow", "dueBefore=0"),
        *("tag=%00", "tag=two%0Alines", f"tag={'x' * 31}", "q=%00", f"q={'x' * 201}"),
        *("sort=title", "sort=", "sort=-", "sort=--createdAt", "sort=created_at"),
    ],
)
async def test_bad_queries_are_422(ann: AsyncClient, query: str) -> None:
    response = await ann.get(f"{TODOS}?{query}")
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == query.partition("=")[0]


async def test_unknown_parameters_are_ignored(ann: AsyncClient, make: Make) -> None:
    await make()
    response = await ann.get(f"{TODOS}?q[$ne]=x&done[$ne]=true&$where=1&Done=maybe")
    assert len(response.json()["items"]) == 1
