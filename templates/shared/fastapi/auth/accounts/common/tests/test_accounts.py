"""Accounts: sign up, prove who you are, change the password, leave."""

import asyncio
from typing import Any

import pytest
from httpx import AsyncClient

from tests.conftest import SignedIn
from tests.people import PASSWORD, address, log_in, prepare

ANN = {"email": "Ann@Example.com", "password": PASSWORD, "name": " Ann "}
ME = "/api/v1/auth/me"


async def sign_up(client: AsyncClient, **changes: Any) -> int:
    await prepare(client)
    return (await client.post("/api/v1/auth/signup", json={**ANN, **changes})).status_code


async def test_signing_up_makes_a_user_and_does_not_sign_in(visitor: AsyncClient) -> None:
    await prepare(visitor)
    response = await visitor.post("/api/v1/auth/signup", json=ANN)
    assert response.status_code == 201
    assert response.json().keys() == {"id", "email", "name", "createdAt"}
    assert (response.json()["email"], response.json()["name"]) == ("Ann@Example.com", "Ann")
    assert response.headers["cache-control"] == "no-store"
    assert (await visitor.get(ME)).status_code == 401


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


async def test_log_in_does_not_tell_whether_an_address_is_known(visitor: AsyncClient) -> None:
    await sign_up(visitor)
    bodies = []
    for email in ("ann@example.com", "nobody@example.com"):
        response = await visitor.post("/api/v1/auth/login", json={"email": email, "password": "wrong"})
        assert response.status_code == 401
        bodies.append(response.json())
    assert bodies[0] == bodies[1]


async def test_operators_are_no_credentials(visitor: AsyncClient) -> None:
    await sign_up(visitor)
    body = {"email": {"$gt": ""}, "password": {"$gt": ""}}
    assert (await visitor.post("/api/v1/auth/login", json=body)).status_code == 422


async def test_me_is_who_signed_up(ann: AsyncClient) -> None:
    response = await ann.get(ME)
    assert response.json()["email"] == address("ann")
    assert "password" not in response.text


async def test_logging_out_ends_this_session_alone(as_user: SignedIn) -> None:
    here, there = await as_user("ann"), await as_user("ann")
    assert (await here.post("/api/v1/auth/logout")).status_code == 204
    assert (await here.get(ME)).status_code == 401
    assert (await there.get(ME)).status_code == 200


async def test_changing_the_password_ends_all_other_sessions(as_user: SignedIn, visitor: AsyncClient) -> None:
    here, there = await as_user("ann"), await as_user("ann")
    body = {"currentPassword": PASSWORD, "newPassword": "another horse battery"}
    assert (await here.post("/api/v1/auth/password", json=body)).status_code == 204
    assert (await here.get(ME)).status_code == 200
    assert (await there.get(ME)).status_code == 401
    assert await log_in(visitor, "ann") == 401
    assert await log_in(visitor, "ann", "another horse battery") == 200


async def test_only_who_knows_the_password_changes_it_or_leaves(ann: AsyncClient) -> None:
    wrong = {"currentPassword": "wrong", "newPassword": "another horse battery"}
    change = await ann.post("/api/v1/auth/password", json=wrong)
    leave = await ann.request("DELETE", ME, json={"password": "wrong"})
    assert [change.status_code, leave.status_code] == [403, 403]
    assert change.json()["type"] == leave.json()["type"] == "/problems/wrong-password"


async def test_leaving_ends_everything(as_user: SignedIn, visitor: AsyncClient) -> None:
    here, there = await as_user("ann"), await as_user("ann")
    assert (await here.request("DELETE", ME, json={"password": PASSWORD})).status_code == 204
    assert (await there.get(ME)).status_code == 401
    assert await log_in(visitor, "ann") == 401
    assert await sign_up(visitor, email=address("ann")) == 201
