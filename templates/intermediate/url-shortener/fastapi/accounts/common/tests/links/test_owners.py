"""Users see and change only their own links."""

from uuid import uuid4

import pytest
from httpx import AsyncClient

from tests.conftest import SignIn
from tests.links.conftest import LINKS, Make
from tests.sign_in import prepare

ROUTES = [
    ("GET", LINKS),
    ("POST", LINKS),
    ("GET", f"{LINKS}/{uuid4()}"),
    ("PATCH", f"{LINKS}/{uuid4()}"),
    ("DELETE", f"{LINKS}/{uuid4()}"),
    ("GET", f"{LINKS}/{uuid4()}/stats"),
    ("GET", f"{LINKS}/{uuid4()}/qr.svg"),
]


@pytest.fixture
async def eve(as_user: SignIn) -> AsyncClient:
    return await as_user("eve")


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_requests_without_sign_in_return_401_before_validation(
    visitor: AsyncClient, method: str, path: str
) -> None:
    await prepare(visitor)
    response = await visitor.request(method, f"{path}?limit=x", json={})
    assert (response.status_code, response.json()["type"]) == (401, "/problems/unauthenticated")


async def test_another_users_link_returns_404(eve: AsyncClient, make: Make) -> None:
    theirs, unknown = f"{LINKS}/{(await make())['id']}", f"{LINKS}/{uuid4()}"
    for method, rest in (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("GET", "/stats"), ("GET", "/qr.svg")):
        body = {"json": {"enabled": False}} if method == "PATCH" else {}
        headers = {"If-Match": '"7"'}
        there = await eve.request(method, theirs + rest, headers=headers, **body)  # type: ignore[arg-type]
        nowhere = await eve.request(method, unknown + rest, headers=headers, **body)  # type: ignore[arg-type]
        assert there.status_code == 404, method
        assert there.json() == nowhere.json()


async def test_refused_edits_change_nothing(
    ann: AsyncClient, eve: AsyncClient, visitor: AsyncClient, make: Make
) -> None:
    link = await make(code="summer")
    await eve.patch(f"{LINKS}/{link['id']}", json={"url": "https://evil.example"})
    await eve.delete(f"{LINKS}/{link['id']}")
    assert (await ann.get(f"{LINKS}/{link['id']}")).json() == link
    assert (await visitor.get("/summer")).headers["location"] == link["url"]


async def test_lists_and_searches_return_own_links_only(
    ann: AsyncClient, eve: AsyncClient, make: Make
) -> None:
    for number in range(3):
        await make(code=f"anns-{number}")
        await eve.post(LINKS, json={"url": "https://example.com", "code": f"eves-{number}"})
    cursor = (await ann.get(f"{LINKS}?limit=1")).json()["nextCursor"]
    for query in ("", "?q=s-", f"?cursor={cursor}"):
        links = (await eve.get(f"{LINKS}{query}")).json()["items"]
        assert links
        assert all(link["code"].startswith("eves") for link in links)
    assert (await eve.get(f"{LINKS}?q=anns")).json()["items"] == []


async def test_code_of_another_user_returns_409(eve: AsyncClient, make: Make) -> None:
    await make(code="summer")
    response = await eve.post(LINKS, json={"url": "https://example.com", "code": "Summer"})
    assert response.status_code == 409
    assert "ann" not in response.text


async def test_redirect_needs_no_sign_in(eve: AsyncClient, visitor: AsyncClient, make: Make) -> None:
    await make(code="summer")
    assert (await eve.get("/summer")).status_code == 302
    assert (await visitor.get("/summer")).status_code == 302


async def test_deleting_the_account_deletes_its_links(
    ann: AsyncClient, eve: AsyncClient, visitor: AsyncClient, make: Make
) -> None:
    await make(code="summer")
    await eve.post(LINKS, json={"url": "https://example.com", "code": "winter"})
    await visitor.get("/summer")  # from here on it is in the cache
    await ann.request("DELETE", "/api/v1/auth/me", json={"password": "correct horse battery"})
    assert (await visitor.get("/summer")).status_code == 410
    assert (await visitor.get("/winter")).status_code == 302
    response = await eve.post(LINKS, json={"url": "https://example.com", "code": "summer"})
    assert response.status_code == 409


async def test_new_account_with_the_same_address_has_no_links(
    ann: AsyncClient, as_user: SignIn, make: Make
) -> None:
    await make()
    await ann.request("DELETE", "/api/v1/auth/me", json={"password": "correct horse battery"})
    again = await as_user("ann")
    assert (await again.get(LINKS)).json()["items"] == []
