"""Sign-up: the same answer to everybody, and no account before the address is proven."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response

from app.accounts import pending
from app.accounts.pending import find_pending
from app.accounts.tokens import hash_token
from app.auth import signup_router
from app.auth.service import find_user
from app.database import open_db
from app.schemas import now
from tests.conftest import SignIn
from tests.outbox import outbox
from tests.sign_in import PASSWORD, address, log_in, prepare

ANN = {"email": "Ann@Example.com", "password": PASSWORD, "name": " Ann "}
ME = "/api/v1/auth/me"


async def sign_up(client: AsyncClient, **changes: Any) -> Response:
    await prepare(client)
    return await client.post("/api/v1/auth/signup", json={**ANN, **changes})


async def verify(client: AsyncClient, token: str) -> int:
    return (await client.post("/api/v1/auth/verify-email", json={"token": token})).status_code


async def resend(client: AsyncClient, email: str) -> Response:
    return await client.post("/api/v1/auth/verify-email/resend", json={"email": email})


async def problem_of_login(client: AsyncClient, password: str) -> str:
    body = {"email": address("ann"), "password": password}
    problem: str = (await client.post("/api/v1/auth/login", json=body)).json()["type"]
    return problem


async def test_signup_sends_a_link_and_creates_no_account(visitor: AsyncClient, app: FastAPI) -> None:
    response = await sign_up(visitor)
    assert (response.status_code, response.content) == (202, b"")
    [mail] = outbox
    assert mail.to == "Ann@example.com"
    assert f"\nhttp://sho.rt/verify-email#token={mail.token}\n" in mail.text
    assert (await visitor.get(ME)).status_code == 401
    async with open_db(app) as db:
        assert await find_user(db, address("ann")) is None


async def test_verified_address_has_an_account(visitor: AsyncClient) -> None:
    await sign_up(visitor)
    assert await verify(visitor, outbox[0].token) == 204
    assert (await visitor.get(ME)).status_code == 401
    assert await log_in(visitor, "ann") == 200
    user = (await visitor.get(ME)).json()
    assert user.keys() == {"id", "email", "name", "createdAt", "role", "active"}
    assert (user["email"], user["name"], user["role"]) == ("Ann@example.com", "Ann", "user")
    assert UUID(user["id"]).version == 7
    types = [event["type"] for event in (await visitor.get("/api/v1/auth/events")).json()["items"]]
    assert types == ["logged-in", "account-created"]


async def test_token_works_once(visitor: AsyncClient) -> None:
    await sign_up(visitor)
    statuses = await asyncio.gather(*(verify(visitor, outbox[0].token) for _ in range(4)))
    assert sorted(statuses) == [204, 410, 410, 410]


async def test_token_is_hashed_in_the_database(visitor: AsyncClient, app: FastAPI) -> None:
    await sign_up(visitor)
    async with open_db(app) as db:
        stored = await find_pending(db, address("ann"))
    assert stored
    assert stored.token_hash == hash_token(outbox[0].token)
    assert len(outbox[0].token) == 43
    assert outbox[0].token not in str(vars(stored))


@pytest.mark.parametrize("token", ["", "x", "é" * 20, "' OR '1'='1"])
async def test_unknown_token_returns_410(visitor: AsyncClient, token: str) -> None:
    await sign_up(visitor)
    assert await verify(visitor, token) == 410


@pytest.mark.parametrize(
    "body", [{}, {"token": None}, {"token": 1}, {"token": "x" * 201}, {"token": "x", "a": 1}]
)
async def test_invalid_token_returns_422(visitor: AsyncClient, body: dict[str, Any]) -> None:
    await prepare(visitor)
    assert (await visitor.post("/api/v1/auth/verify-email", json=body)).status_code == 422


async def test_expired_signup_does_not_exist(visitor: AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    await sign_up(visitor)
    monkeypatch.setattr(pending, "now", lambda: now() + timedelta(hours=25))
    assert await verify(visitor, outbox[0].token) == 410
    assert await problem_of_login(visitor, PASSWORD) == "/problems/unauthenticated"


async def test_expired_signups_are_deleted(
    visitor: AsyncClient, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signup_router, "now", lambda: now() - timedelta(hours=25))
    await sign_up(visitor)
    monkeypatch.undo()
    await sign_up(visitor, email="ben@example.com")
    async with open_db(app) as db:
        assert await find_pending(db, address("ann")) is None
        assert await find_pending(db, address("ben")) is not None


async def test_taken_address_gets_the_same_answer_and_another_mail(
    as_user: SignIn, visitor: AsyncClient
) -> None:
    await as_user("ann")
    new, taken = await sign_up(visitor, email="new@example.com"), await sign_up(visitor, email=address("ANN"))
    assert (new.status_code, new.content) == (taken.status_code, taken.content) == (202, b"")
    assert new.headers.keys() == taken.headers.keys()
    assert (outbox[-1].to, outbox[-1].token) == (address("ann"), "")


async def test_signup_with_a_taken_address_changes_nothing(as_user: SignIn, visitor: AsyncClient) -> None:
    await as_user("ann")
    await sign_up(visitor, password="another horse battery")
    before = len(outbox)
    assert (await resend(visitor, address("ann"))).status_code == 202
    assert len(outbox) == before
    assert await log_in(visitor, "ann", "another horse battery") == 401
    assert await log_in(visitor, "ann") == 200


async def test_newer_signup_replaces_the_one_before(visitor: AsyncClient) -> None:
    await sign_up(visitor, password="of an attacker")
    await sign_up(visitor, email="ANN@example.com")
    first, second = outbox
    assert await verify(visitor, first.token) == 410
    assert await verify(visitor, second.token) == 204
    assert await log_in(visitor, "ann", "of an attacker") == 401
    assert await log_in(visitor, "ann") == 200


async def test_concurrent_signups_create_one_account(visitor: AsyncClient) -> None:
    responses = await asyncio.gather(*(sign_up(visitor) for _ in range(5)))
    assert [response.status_code for response in responses] == [202] * 5
    statuses = [await verify(visitor, mail.token) for mail in outbox]
    assert sorted(statuses) == [204, 410, 410, 410, 410]


async def test_login_before_verification_is_403_with_the_right_password_alone(visitor: AsyncClient) -> None:
    await sign_up(visitor)
    for _ in range(7):  # which is no failure for the throttle
        assert await problem_of_login(visitor, PASSWORD) == "/problems/email-not-verified"
    assert await problem_of_login(visitor, "wrong guess") == "/problems/unauthenticated"


async def test_wrong_passwords_of_a_signup_are_throttled(visitor: AsyncClient) -> None:
    await sign_up(visitor)
    for _ in range(5):
        assert await problem_of_login(visitor, "wrong guess") == "/problems/unauthenticated"
    assert await problem_of_login(visitor, PASSWORD) == "/problems/rate-limited"


async def test_strangers_signup_does_not_lock_the_owner_out(as_user: SignIn, visitor: AsyncClient) -> None:
    await as_user("ann")
    await sign_up(visitor, password="of a stranger")
    assert await problem_of_login(visitor, "of a stranger") == "/problems/unauthenticated"
    assert await log_in(visitor, "ann") == 200


async def test_resent_link_replaces_the_first(visitor: AsyncClient) -> None:
    await sign_up(visitor)
    response = await resend(visitor, address("ANN"))
    assert (response.status_code, response.content) == (202, b"")
    first, second = outbox
    assert second.to == "Ann@example.com"
    assert await verify(visitor, first.token) == 410
    assert await verify(visitor, second.token) == 204


async def test_nothing_is_resent_to_an_unknown_address(visitor: AsyncClient) -> None:
    await prepare(visitor)
    assert (await resend(visitor, "nobody@example.com")).status_code == 202
    assert outbox == []


@pytest.mark.parametrize(
    "changes",
    [
        {"email": "ann"},
        {"email": "ann@localhost"},
        {"email": "ann@example..com"},
        {"email": "ann@example.com\n"},
        {"email": f"ann@{'a.' * 130}com"},
        {"email": None},
        {"name": " "},
        {"name": "x" * 101},
        {"name": "a\u0007b"},
        {"password": "short12"},
        {"password": "x" * 129},
        {"password": "Password1"},  # everybody's first guess
        {"role": "admin"},
    ],
)
async def test_invalid_signup_returns_422_and_sends_nothing(
    visitor: AsyncClient, changes: dict[str, Any]
) -> None:
    assert (await sign_up(visitor, **changes)).status_code == 422
    assert outbox == []


async def test_mail_holds_neither_name_nor_password(visitor: AsyncClient) -> None:
    await sign_up(visitor, name="Evil <eve@example.com>")
    [mail] = outbox
    for secret in ("Evil", "eve@example.com", PASSWORD):
        assert secret not in str(mail)


@pytest.mark.parametrize(
    "path", ["signup", "verify-email/resend", "forgot-password", "email", "verify-email", "reset-password"]
)
async def test_responses_without_a_body_are_documented_so(visitor: AsyncClient, path: str) -> None:
    operation = (await visitor.get("/openapi.json")).json()["paths"][f"/api/v1/auth/{path}"]["post"]
    [success] = [status for status in operation["responses"] if status.startswith("2")]
    assert success in ("202", "204")
    assert "content" not in operation["responses"][success]
    assert "default" in operation["responses"]
