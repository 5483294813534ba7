"""Accounts: log-in, change of password, deletion."""

import asyncio

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from app.auth import login, password_change, passwords
from tests.conftest import SignIn
from tests.sign_in import PASSWORD, address, log_in, prepare

ME = "/api/v1/auth/me"


async def change_password(client: AsyncClient, new: str) -> int:
    body = {"currentPassword": PASSWORD, "newPassword": new}
    return (await client.post("/api/v1/auth/password", json=body)).status_code


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("signup", {}),
        ("login", {"email": "ann@example.com"}),
        ("login", {"email": "ann@example.com", "password": PASSWORD, "role": "admin"}),
        ("password", {"currentPassword": PASSWORD}),
        ("password", {"currentPassword": PASSWORD, "newPassword": "short"}),
        ("password", {"currentPassword": PASSWORD, "newPassword": "password1"}),
    ],
)
async def test_missing_unknown_and_invalid_members_return_422(
    ann: AsyncClient, path: str, body: dict[str, str]
) -> None:
    response = await ann.post(f"/api/v1/auth/{path}", json=body)
    assert (response.status_code, response.json()["type"]) == (422, "/problems/validation")


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "me"), ("DELETE", "me"), ("POST", "password"), ("POST", "logout")]
)
async def test_requests_without_sign_in_return_401_before_validation(
    visitor: AsyncClient, method: str, path: str
) -> None:
    await prepare(visitor)
    response = await visitor.request(method, f"/api/v1/auth/{path}", json={"nonsense": 1})
    assert (response.status_code, response.json()["type"]) == (401, "/problems/unauthenticated")


async def test_responses_are_not_cacheable(ann: AsyncClient, visitor: AsyncClient) -> None:
    for response in (
        await ann.get(ME),
        await visitor.get(ME),
        await ann.post("/api/v1/auth/login", json={}),
        await ann.get("/api/v1/auth/nothing"),
        await ann.put(ME),
        await ann.post("/api/v1/auth/logout"),
    ):
        assert response.headers["cache-control"] == "no-store", response.status_code


async def test_log_contains_no_address_password_or_token(
    as_user: SignIn, visitor: AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", logger="app")
    ann = await as_user("ann")
    await log_in(visitor, "ann", "wrong guess")
    await change_password(ann, "another horse battery")
    log = "".join(str(vars(record)) for record in caplog.records)
    assert log.count("'/api/v1/auth/login'") == 2
    for secret in (address("ann"), PASSWORD, "wrong guess", "another horse", *credentials(ann)):
        assert secret not in log


def credentials(client: AsyncClient) -> list[str]:
    return [*client.cookies.values(), client.headers.get("authorization", "Bearer none").split()[1]]


async def test_login_does_not_reveal_whether_an_address_is_known(
    ann: AsyncClient, visitor: AsyncClient
) -> None:
    await prepare(visitor)
    bodies = []
    for email in ("ann@example.com", "nobody@example.com"):
        response = await visitor.post("/api/v1/auth/login", json={"email": email, "password": "wrong"})
        assert response.status_code == 401
        bodies.append(response.json())
    assert bodies[0] == bodies[1]


@pytest.mark.parametrize("email", ["ann\\u0000@example.com", "ann\\ud800@example.com", "x" * 255])
async def test_email_that_no_database_can_store_returns_422(visitor: AsyncClient, email: str) -> None:
    await prepare(visitor)
    for path in ("login", "signup"):
        body = f'{{"email": "{email}", "password": "{PASSWORD}", "name": "Ann"}}'
        body = body.replace(', "name": "Ann"', "") if path == "login" else body
        headers = {"Content-Type": "application/json"}
        response = await visitor.post(f"/api/v1/auth/{path}", content=body, headers=headers)
        assert (response.status_code, response.json()["errors"][0]["field"]) == (422, "email")


async def test_query_operators_as_credentials_return_422(ann: AsyncClient, visitor: AsyncClient) -> None:
    await prepare(visitor)
    body = {"email": {"$gt": ""}, "password": {"$gt": ""}}
    assert (await visitor.post("/api/v1/auth/login", json=body)).status_code == 422


async def test_me_returns_the_signed_in_user(ann: AsyncClient) -> None:
    response = await ann.get(ME)
    assert response.json()["email"] == address("ann")
    assert "password" not in response.text


async def test_logout_ends_only_this_session(as_user: SignIn) -> None:
    here, there = await as_user("ann"), await as_user("ann")
    assert (await here.post("/api/v1/auth/logout")).status_code == 204
    assert (await here.get(ME)).status_code == 401
    assert (await there.get(ME)).status_code == 200


async def test_password_change_ends_all_other_sessions(as_user: SignIn, visitor: AsyncClient) -> None:
    here, there = await as_user("ann"), await as_user("ann")
    body = {"currentPassword": PASSWORD, "newPassword": "another horse battery"}
    assert (await here.post("/api/v1/auth/password", json=body)).status_code == 204
    assert (await here.get(ME)).status_code == 200
    assert (await there.get(ME)).status_code == 401
    assert await log_in(visitor, "ann") == 401
    assert await log_in(visitor, "ann", "another horse battery") == 200


async def test_login_with_the_old_password_fails_after_a_concurrent_change(
    as_user: SignIn, visitor: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = await as_user("ann")
    verify = passwords.verify_password

    async def slow(stored: str | None, password: str) -> bool:
        monkeypatch.undo()
        right = await verify(stored, password)
        assert await change_password(ann, "another horse battery") == 204
        return right

    monkeypatch.setattr(login, "verify_password", slow)
    assert await log_in(visitor, "ann") == 401
    assert (await visitor.get(ME)).status_code == 401


async def test_wrong_current_password_is_not_counted_as_a_failed_login(ann: AsyncClient) -> None:
    wrong = {"currentPassword": "wrong", "newPassword": "another horse battery"}
    for _ in range(7):
        assert (await ann.post("/api/v1/auth/password", json=wrong)).status_code == 403
    assert await log_in(ann, "ann") == 200


async def test_one_of_two_concurrent_password_changes_succeeds(
    as_user: SignIn, visitor: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = await as_user("ann"), await as_user("ann")
    both_were_let_in = asyncio.Barrier(2)
    hash_password = passwords.hash_password

    async def together(password: str) -> str:
        await asyncio.wait_for(both_were_let_in.wait(), 5)
        return await hash_password(password)

    new = ["first horse battery", "second horse battery"]
    with monkeypatch.context() as patch:
        patch.setattr(password_change, "hash_password", together)
        changes = (change_password(here, new[0]), change_password(there, new[1]))
        statuses = await asyncio.gather(*changes)
    assert sorted(statuses) == [204, 409]
    assert await log_in(visitor, "ann", new[statuses.index(204)]) == 200


async def test_password_change_and_account_deletion_need_the_password(ann: AsyncClient) -> None:
    wrong = {"currentPassword": "wrong", "newPassword": "another horse battery"}
    change = await ann.post("/api/v1/auth/password", json=wrong)
    leave = await ann.request("DELETE", ME, json={"password": "wrong"})
    assert [change.status_code, leave.status_code] == [403, 403]
    assert change.json()["type"] == leave.json()["type"] == "/problems/wrong-password"


async def test_account_deletion_ends_all_sessions(as_user: SignIn, visitor: AsyncClient) -> None:
    here, there = await as_user("ann"), await as_user("ann")
    assert (await here.request("DELETE", ME, json={"password": PASSWORD})).status_code == 204
    assert (await there.get(ME)).status_code == 401
    assert await log_in(visitor, "ann") == 401


async def test_old_session_stays_invalid_after_a_new_signup(as_user: SignIn) -> None:
    before = await as_user("ann")
    first = (await before.get(ME)).json()["id"]
    await before.request("DELETE", ME, json={"password": PASSWORD})
    after = await as_user("ann")
    assert (await after.get(ME)).json()["id"] != first
    assert (await before.get(ME)).status_code == 401


async def test_guessing_returns_429_and_does_not_block_the_owner(as_user: SignIn, app: FastAPI) -> None:
    await as_user("ann")
    elsewhere = ASGITransport(app, client=("198.51.100.7", 1))
    async with AsyncClient(transport=elsewhere, base_url="http://sho.rt") as guesser:
        await prepare(guesser)
        body = {"email": address("ann"), "password": "wrong guess"}
        for email in [address("ann"), address("ANN")] * 3:
            refused = await guesser.post("/api/v1/auth/login", json={**body, "email": email})
        assert refused.status_code == 429
        assert refused.json()["type"] == "/problems/rate-limited"
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert await log_in(guesser, "ann") == 429
        assert await log_in(guesser, "bob") == 401
    await as_user("ann")  # from the usual place
