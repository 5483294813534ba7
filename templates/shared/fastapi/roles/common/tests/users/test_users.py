"""The administration of users."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI, HTTPException
from httpx import AsyncClient, Response

from app.auth import service as auth_service
from app.database import open_db
from app.users import service
from tests.admin import make_admin
from tests.conftest import SignIn
from tests.sign_in import PASSWORD, address, log_in

ME = "/api/v1/auth/me"
USERS = "/api/v1/users"


@pytest.fixture
async def root(app: FastAPI, as_user: SignIn) -> AsyncClient:
    client = await as_user("root")
    await make_admin(app, "root")
    return client


async def path_of(client: AsyncClient) -> str:
    return f"{USERS}/{(await client.get(ME)).json()['id']}"


async def found(admin: AsyncClient, **params: Any) -> list[str]:
    response = await admin.get(USERS, params=params)
    assert response.status_code == 200
    return [user["name"] for user in response.json()["items"]]


async def patch(admin: AsyncClient, user: AsyncClient, **changes: Any) -> Response:
    return await admin.patch(await path_of(user), json=changes)


async def test_list_shows_all_users_newest_first(root: AsyncClient, as_user: SignIn) -> None:
    ann = await as_user("ann")
    users = (await root.get(USERS)).json()["items"]
    assert [user["name"] for user in users] == ["ann", "root"]
    assert users[0] == (await ann.get(ME)).json()
    assert users[0].keys() == {"id", "email", "name", "createdAt", "role", "active"}


async def test_users_are_paged(root: AsyncClient, as_user: SignIn) -> None:
    for name in ("ann", "bob", "cleo"):
        await as_user(name)
    first = (await root.get(USERS, params={"limit": 2})).json()
    assert [user["name"] for user in first["items"]] == ["cleo", "bob"]
    assert await found(root, limit=2, cursor=first["nextCursor"]) == ["ann", "root"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"q": "ANN"}, ["annika", "ann"]),
        ({"q": "annika@"}, ["annika"]),
        ({"q": "%"}, []),
        ({"q": ".*"}, []),
        ({"q": "_"}, []),
        ({"role": "admin"}, ["root"]),
        ({"role": "user", "q": "r"}, []),
    ],
)
async def test_filters(root: AsyncClient, as_user: SignIn, query: dict[str, str], names: list[str]) -> None:
    await as_user("ann")
    await as_user("annika")
    assert await found(root, **query) == names


@pytest.mark.parametrize("query", ["role=root", "limit=0", "cursor=x", f"q={'x' * 201}", "q=%00"])
async def test_invalid_query_returns_422(root: AsyncClient, query: str) -> None:
    assert (await root.get(f"{USERS}?{query}")).status_code == 422


async def test_user_without_the_role_gets_403_before_anything_else(
    ann: AsyncClient, root: AsyncClient
) -> None:
    for response in (
        await ann.get(USERS),
        await ann.get(f"{USERS}?limit=x"),
        await ann.get(await path_of(ann)),
        await ann.get(f"{USERS}/nonsense"),
        await ann.patch(f"{USERS}/{uuid4()}", json={"role": "admin"}),
        await ann.patch(await path_of(ann), json={"nonsense": 1}),
    ):
        assert (response.status_code, response.json()["type"]) == (403, "/problems/forbidden")


async def test_visitor_is_unauthenticated(visitor: AsyncClient) -> None:
    assert (await visitor.get(USERS)).status_code == 401
    assert (await visitor.get(f"{USERS}/nonsense")).status_code == 401


@pytest.mark.parametrize("user_id", [uuid4(), "nonsense", "1"])
async def test_unknown_user_returns_404(root: AsyncClient, user_id: object) -> None:
    assert (await root.get(f"{USERS}/{user_id}")).status_code == 404
    assert (await root.patch(f"{USERS}/{user_id}", json={"role": "user"})).status_code == 404


@pytest.mark.parametrize(
    "changes",
    [{"role": "root"}, {"role": None}, {"active": "yes"}, {"active": None}, {"email": "x"}, {"version": 1}],
)
async def test_invalid_change_returns_422(
    root: AsyncClient, ann: AsyncClient, changes: dict[str, Any]
) -> None:
    assert (await patch(root, ann, **changes)).status_code == 422


async def test_empty_change_changes_nothing(root: AsyncClient, ann: AsyncClient) -> None:
    before = await root.get(await path_of(ann))
    after = await patch(root, ann)
    assert (after.json(), after.headers["etag"]) == (before.json(), before.headers["etag"])


async def test_role_applies_to_the_next_request(root: AsyncClient, ann: AsyncClient) -> None:
    assert (await patch(root, ann, role="admin")).json()["role"] == "admin"
    assert (await ann.get(USERS)).status_code == 200
    assert (await patch(root, ann, role="user")).json()["role"] == "user"
    assert (await ann.get(USERS)).status_code == 403
    events = (await ann.get("/api/v1/auth/events")).json()["items"]
    assert [(event["type"], event["userAgent"]) for event in events[:2]] == [("role-changed", None)] * 2


async def test_deactivated_user_is_out_at_once(
    root: AsyncClient, ann: AsyncClient, visitor: AsyncClient
) -> None:
    path = await path_of(ann)
    assert (await root.patch(path, json={"active": False})).status_code == 200
    assert (await ann.get(ME)).status_code == 401
    assert await log_in(visitor, "ann") == 403
    assert await log_in(visitor, "ann", "wrong guess") == 401
    assert (await root.patch(path, json={"active": True})).status_code == 200
    assert (await ann.get(ME)).status_code == 401
    assert await log_in(visitor, "ann") == 200
    events = (await visitor.get("/api/v1/auth/events")).json()["items"]
    assert [event["type"] for event in events[:3]] == [
        "logged-in",
        "account-activated",
        "account-deactivated",
    ]


async def test_inactive_account_is_named_to_whoever_knows_the_password(
    root: AsyncClient, ann: AsyncClient, visitor: AsyncClient
) -> None:
    assert (await patch(root, ann, active=False)).status_code == 200
    await log_in(visitor, "ann")  # gets a CSRF token where one is needed
    body = {"email": address("ann"), "password": PASSWORD}
    response = await visitor.post("/api/v1/auth/login", json=body)
    assert response.json()["type"] == "/problems/account-inactive"


async def test_session_that_begins_during_the_deactivation_is_of_no_use(
    root: AsyncClient, ann: AsyncClient, visitor: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_session = auth_service.create_session
    path = await path_of(ann)

    async def late(*arguments: Any) -> Any:
        assert (await root.patch(path, json={"active": False})).status_code == 200
        return await create_session(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(auth_service, "create_session", late)
        await log_in(visitor, "ann")
    assert (await visitor.get(ME)).status_code == 401
    assert (await root.patch(path, json={"active": True})).status_code == 200
    assert (await visitor.get(ME)).status_code == 401


async def test_edit_of_an_old_version_returns_412(root: AsyncClient, ann: AsyncClient) -> None:
    path = await path_of(ann)
    tag = (await root.get(path)).headers["etag"]
    edits = [root.patch(path, json={"active": False}, headers={"If-Match": tag}) for _ in range(4)]
    statuses = [response.status_code for response in await asyncio.gather(*edits)]
    assert sorted(statuses) == [200, 412, 412, 412]
    assert (await root.get(path)).headers["etag"] != tag


@pytest.mark.parametrize("changes", [{"role": "user"}, {"active": False}, {"role": "user", "active": False}])
async def test_last_admin_stays(root: AsyncClient, changes: dict[str, Any]) -> None:
    response = await patch(root, root, **changes)
    assert (response.status_code, response.json()["type"]) == (409, "/problems/conflict")
    assert (await root.get(USERS)).status_code == 200


async def test_last_admin_cannot_be_deleted(root: AsyncClient, ann: AsyncClient) -> None:
    assert (await root.request("DELETE", ME, json={"password": PASSWORD})).status_code == 409
    assert (await patch(root, ann, role="admin")).status_code == 200
    assert (await root.request("DELETE", ME, json={"password": PASSWORD})).status_code == 204
    assert (await patch(ann, ann, role="user")).status_code == 409


async def test_inactive_admin_does_not_count(root: AsyncClient, ann: AsyncClient) -> None:
    assert (await patch(root, ann, role="admin", active=False)).status_code == 200
    assert (await patch(root, root, role="user")).status_code == 409


@pytest.mark.parametrize("changes", [{"role": "user"}, {"active": False}])
async def test_of_two_admins_who_demote_each_other_one_stays(
    root: AsyncClient, ann: AsyncClient, app: FastAPI, changes: dict[str, Any]
) -> None:
    await make_admin(app, "ann")

    # Without HTTP: both have been let in before either is demoted.
    async def demote(name: str) -> int:
        async with open_db(app) as db:
            user = await auth_service.find_user(db, address(name))
            assert user
            try:
                await service.update_user(db, user, changes, None)
            except HTTPException as error:
                return error.status_code
        return 200

    statuses = await asyncio.gather(demote("root"), demote("ann"))
    assert sorted(statuses) == [200, 409]
    admins = [(await client.get(USERS)).status_code for client in (root, ann)]
    assert admins.count(200) == 1
