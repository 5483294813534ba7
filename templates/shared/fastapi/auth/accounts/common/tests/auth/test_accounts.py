"""Accounts: sign up, prove who you are, change the password, leave."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from app.auth import login, passwords, router
from tests.conftest import SignIn
from tests.sign_in import PASSWORD, address, log_in, prepare

ANN = {"email": "Ann@Example.com", "password": PASSWORD, "name": " Ann "}
ME = "/api/v1/auth/me"


async def sign_up(client: AsyncClient, **changes: Any) -> int:
    await prepare(client)
    return (await client.post("/api/v1/auth/signup", json={**ANN, **changes})).status_code


async def change_password(client: AsyncClient, new: str) -> int:
    body = {"currentPassword": PASSWORD, "newPassword": new}
    return (await client.post("/api/v1/auth/password", json=body)).status_code


async def test_signing_up_makes_a_user_and_does_not_sign_in(visitor: AsyncClient) -> None:
    await prepare(visitor)
    response = await visitor.post("/api/v1/auth/signup", json=ANN)
    assert response.status_code == 201
    assert response.json().keys() == {"id", "email", "name", "createdAt"}
    assert (response.json()["email"], response.json()["name"]) == ("Ann@example.com", "Ann")
    assert UUID(response.json()["id"]).version == 7
    assert "location" not in response.headers
    assert response.headers["cache-control"] == "no-store"
    assert (await visitor.get(ME)).status_code == 401


@pytest.mark.parametrize("email", ["ann@münchen.example", "a.b+c@xn--mnchen-3ya.example"])
async def test_a_domain_may_have_letters_of_any_script(visitor: AsyncClient, email: str) -> None:
    assert await sign_up(visitor, email=email) == 201
    assert await sign_up(visitor, email=email.replace("ü", "Ü")) == 409


@pytest.mark.parametrize("same", ["ann@example.com", "ANN@EXAMPLE.COM", "Ann@ｅxample.com"])
async def test_an_address_has_one_account_however_it_is_written(visitor: AsyncClient, same: str) -> None:
    assert await sign_up(visitor) == 201
    assert await sign_up(visitor, email=same) in (409, 422)
    assert await log_in(visitor, "ANN") == 200


async def test_of_many_sign_ups_at_once_one_wins(visitor: AsyncClient) -> None:
    statuses = await asyncio.gather(*(sign_up(visitor) for _ in range(5)))
    assert sorted(statuses) == [201, 409, 409, 409, 409]


@pytest.mark.parametrize(
    "changes",
    [
        {"email": "ann"},
        {"email": "ann@"},
        {"email": "ann@localhost"},
        {"email": "ann@ex_ample.com"},
        {"email": "ann@example..com"},
        {"email": "a b@example.com"},
        {"email": "ann@example.com\n"},
        {"email": f"ann@{'a.' * 130}com"},
        {"email": None},
        {"name": " "},
        {"name": "x" * 101},
        {"name": "a\u0007b"},
        {"password": "short12"},
        {"password": "x" * 129},
        {"password": "Password1"},  # everybody's first guess
        {"password": 12345678},
        {"role": "admin"},
    ],
)
async def test_a_bad_sign_up_is_422(visitor: AsyncClient, changes: dict[str, Any]) -> None:
    assert await sign_up(visitor, **changes) == 422


@pytest.mark.parametrize("password", ["8 chars.", "x!" * 64, "pässwörd ✓✓"])
async def test_a_password_may_have_8_to_128_characters(visitor: AsyncClient, password: str) -> None:
    assert await sign_up(visitor, email=address("ann"), password=password) == 201
    assert await log_in(visitor, "ann", password) == 200


@pytest.mark.parametrize(
    ("changes", "field"), [({"email": "x"}, "email"), ({"name": ""}, "name"), ({"password": "x"}, "password")]
)
async def test_a_refusal_names_the_member_and_repeats_no_password(
    visitor: AsyncClient, changes: dict[str, str], field: str
) -> None:
    await prepare(visitor)
    response = await visitor.post("/api/v1/auth/signup", json={**ANN, **changes})
    assert [error["field"] for error in response.json()["errors"]] == [field]
    assert PASSWORD not in response.text


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
async def test_bodies_with_members_missing_unknown_or_bad_are_422(
    ann: AsyncClient, path: str, body: dict[str, str]
) -> None:
    response = await ann.post(f"/api/v1/auth/{path}", json=body)
    assert (response.status_code, response.json()["type"]) == (422, "/problems/validation")


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "me"), ("DELETE", "me"), ("POST", "password"), ("POST", "logout")]
)
async def test_who_is_not_signed_in_is_asked_to_before_anything_else(
    visitor: AsyncClient, method: str, path: str
) -> None:
    await prepare(visitor)
    response = await visitor.request(method, f"/api/v1/auth/{path}", json={"nonsense": 1})
    assert (response.status_code, response.json()["type"]) == (401, "/problems/unauthenticated")


async def test_no_answer_of_these_routes_may_be_kept(ann: AsyncClient, visitor: AsyncClient) -> None:
    for response in (
        await ann.get(ME),
        await visitor.get(ME),
        await ann.post("/api/v1/auth/login", json={}),
        await ann.get("/api/v1/auth/nothing"),
        await ann.put(ME),
        await ann.post("/api/v1/auth/logout"),
    ):
        assert response.headers["cache-control"] == "no-store", response.status_code


async def test_the_log_holds_no_address_password_or_token(
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


async def test_log_in_does_not_tell_whether_an_address_is_known(visitor: AsyncClient) -> None:
    await sign_up(visitor)
    bodies = []
    for email in ("ann@example.com", "nobody@example.com"):
        response = await visitor.post("/api/v1/auth/login", json={"email": email, "password": "wrong"})
        assert response.status_code == 401
        bodies.append(response.json())
    assert bodies[0] == bodies[1]


@pytest.mark.parametrize("email", ["ann\\u0000@example.com", "ann\\ud800@example.com", "x" * 255])
async def test_an_address_that_no_database_can_hold_is_422(visitor: AsyncClient, email: str) -> None:
    await prepare(visitor)
    for path in ("login", "signup"):
        body = f'{{"email": "{email}", "password": "{PASSWORD}", "name": "Ann"}}'
        body = body.replace(', "name": "Ann"', "") if path == "login" else body
        headers = {"Content-Type": "application/json"}
        response = await visitor.post(f"/api/v1/auth/{path}", content=body, headers=headers)
        assert (response.status_code, response.json()["errors"][0]["field"]) == (422, "email")


async def test_operators_are_no_credentials(visitor: AsyncClient) -> None:
    await sign_up(visitor)
    body = {"email": {"$gt": ""}, "password": {"$gt": ""}}
    assert (await visitor.post("/api/v1/auth/login", json=body)).status_code == 422


async def test_me_is_who_signed_up(ann: AsyncClient) -> None:
    response = await ann.get(ME)
    assert response.json()["email"] == address("ann")
    assert "password" not in response.text


async def test_logging_out_ends_this_session_alone(as_user: SignIn) -> None:
    here, there = await as_user("ann"), await as_user("ann")
    assert (await here.post("/api/v1/auth/logout")).status_code == 204
    assert (await here.get(ME)).status_code == 401
    assert (await there.get(ME)).status_code == 200


async def test_changing_the_password_ends_all_other_sessions(as_user: SignIn, visitor: AsyncClient) -> None:
    here, there = await as_user("ann"), await as_user("ann")
    body = {"currentPassword": PASSWORD, "newPassword": "another horse battery"}
    assert (await here.post("/api/v1/auth/password", json=body)).status_code == 204
    assert (await here.get(ME)).status_code == 200
    assert (await there.get(ME)).status_code == 401
    assert await log_in(visitor, "ann") == 401
    assert await log_in(visitor, "ann", "another horse battery") == 200


async def test_a_change_of_the_password_wins_over_a_log_in_with_the_old_one(
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


async def test_a_wrong_current_password_is_no_failed_log_in(ann: AsyncClient) -> None:
    wrong = {"currentPassword": "wrong", "newPassword": "another horse battery"}
    for _ in range(7):
        assert (await ann.post("/api/v1/auth/password", json=wrong)).status_code == 403
    assert await log_in(ann, "ann") == 200


async def test_of_two_changes_of_the_password_at_once_one_wins(
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
        patch.setattr(router, "hash_password", together)
        changes = (change_password(here, new[0]), change_password(there, new[1]))
        statuses = await asyncio.gather(*changes)
    assert sorted(statuses) == [204, 409]
    assert await log_in(visitor, "ann", new[statuses.index(204)]) == 200


async def test_only_who_knows_the_password_changes_it_or_leaves(ann: AsyncClient) -> None:
    wrong = {"currentPassword": "wrong", "newPassword": "another horse battery"}
    change = await ann.post("/api/v1/auth/password", json=wrong)
    leave = await ann.request("DELETE", ME, json={"password": "wrong"})
    assert [change.status_code, leave.status_code] == [403, 403]
    assert change.json()["type"] == leave.json()["type"] == "/problems/wrong-password"


async def test_leaving_ends_everything(as_user: SignIn, visitor: AsyncClient) -> None:
    here, there = await as_user("ann"), await as_user("ann")
    assert (await here.request("DELETE", ME, json={"password": PASSWORD})).status_code == 204
    assert (await there.get(ME)).status_code == 401
    assert await log_in(visitor, "ann") == 401
    assert await sign_up(visitor, email=address("ann")) == 201


async def test_an_account_that_is_gone_does_not_come_back_with_its_address(as_user: SignIn) -> None:
    before = await as_user("ann")
    first = (await before.get(ME)).json()["id"]
    await before.request("DELETE", ME, json={"password": PASSWORD})
    after = await as_user("ann")
    assert (await after.get(ME)).json()["id"] != first
    assert (await before.get(ME)).status_code == 401


async def test_who_guesses_is_slowed_down_and_the_owner_is_not(as_user: SignIn, app: FastAPI) -> None:
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
