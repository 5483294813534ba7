"""A forgotten password."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response

from app.accounts import mailed_tokens
from app.accounts.tokens import hash_token
from app.database import open_db
from app.schemas import now
from tests.admin import make_admin
from tests.conftest import SignIn
from tests.outbox import outbox
from tests.sign_in import PASSWORD, address, log_in, prepare

ME = "/api/v1/auth/me"
NEW = "another horse battery"


async def forgot(client: AsyncClient, email: str) -> Response:
    await prepare(client)
    return await client.post("/api/v1/auth/forgot-password", json={"email": email})


async def reset(client: AsyncClient, token: str, password: str = NEW) -> int:
    body = {"token": token, "newPassword": password}
    return (await client.post("/api/v1/auth/reset-password", json=body)).status_code


async def reset_token(client: AsyncClient) -> str:
    assert (await forgot(client, address("ann"))).status_code == 202
    return outbox[-1].token


async def test_link_sets_a_new_password(ann: AsyncClient, visitor: AsyncClient) -> None:
    token = await reset_token(visitor)
    assert outbox[-1].to == address("ann")
    assert f"\nhttp://sho.rt/reset-password#token={token}\n" in outbox[-1].text
    assert await reset(visitor, token) == 204
    assert (await visitor.get(ME)).status_code == 401
    assert await log_in(visitor, "ann") == 401
    assert await log_in(visitor, "ann", NEW) == 200
    types = [event["type"] for event in (await visitor.get("/api/v1/auth/events")).json()["items"]]
    assert types[:2] == ["logged-in", "password-reset"]


async def test_reset_ends_all_sessions(as_user: SignIn, visitor: AsyncClient) -> None:
    here, there = await as_user("ann"), await as_user("ann")
    assert await reset(visitor, await reset_token(visitor)) == 204
    assert [(await client.get(ME)).status_code for client in (here, there)] == [401, 401]


async def test_unknown_address_gets_the_same_answer_and_no_mail(
    ann: AsyncClient, visitor: AsyncClient
) -> None:
    known = await forgot(visitor, address("ANN"))
    before = len(outbox)
    unknown = await forgot(visitor, "nobody@example.com")
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content) == (202, b"")
    assert known.headers.keys() == unknown.headers.keys()
    assert len(outbox) == before


async def test_unverified_address_gets_no_mail(visitor: AsyncClient) -> None:
    await prepare(visitor)
    account = {"email": address("ann"), "password": PASSWORD, "name": "Ann"}
    await visitor.post("/api/v1/auth/signup", json=account)
    outbox.clear()
    assert (await forgot(visitor, address("ann"))).status_code == 202
    assert outbox == []


async def test_deactivated_account_gets_no_mail(as_user: SignIn, app: FastAPI, visitor: AsyncClient) -> None:
    ann, root = await as_user("ann"), await as_user("root")
    await make_admin(app, "root")
    path = f"/api/v1/users/{(await ann.get(ME)).json()['id']}"
    assert (await root.patch(path, json={"active": False})).status_code == 200
    outbox.clear()
    assert (await forgot(visitor, address("ann"))).status_code == 202
    assert outbox == []


async def test_of_two_uses_at_once_one_wins(ann: AsyncClient, visitor: AsyncClient) -> None:
    token = await reset_token(visitor)
    passwords = [f"{number} horse battery" for number in range(4)]
    statuses = await asyncio.gather(*(reset(visitor, token, password) for password in passwords))
    assert sorted(statuses) == [204, 410, 410, 410]
    assert await log_in(visitor, "ann", passwords[statuses.index(204)]) == 200


async def test_two_links_used_at_once_do_not_wait_for_each_other(
    ann: AsyncClient, visitor: AsyncClient
) -> None:
    tokens = [await reset_token(visitor) for _ in range(2)]
    statuses = await asyncio.gather(*(reset(visitor, token) for token in tokens))
    assert set(statuses) <= {204, 410}
    assert 204 in statuses


async def test_one_use_ends_all_links(ann: AsyncClient, visitor: AsyncClient) -> None:
    first, second = await reset_token(visitor), await reset_token(visitor)
    assert await reset(visitor, second) == 204
    assert await reset(visitor, first) == 410


async def test_password_change_ends_all_links(ann: AsyncClient, visitor: AsyncClient) -> None:
    token = await reset_token(visitor)
    body = {"currentPassword": PASSWORD, "newPassword": NEW}
    assert (await ann.post("/api/v1/auth/password", json=body)).status_code == 204
    assert await reset(visitor, token, "third horse battery") == 410
    types = [event["type"] for event in (await ann.get("/api/v1/auth/events")).json()["items"]]
    assert types[0] == "password-changed"


async def test_expired_token_returns_410(
    ann: AsyncClient, visitor: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = await reset_token(visitor)
    monkeypatch.setattr(mailed_tokens, "now", lambda: now() + timedelta(minutes=61))
    assert await reset(visitor, token) == 410


async def test_unknown_token_returns_410(ann: AsyncClient, visitor: AsyncClient) -> None:
    token = await reset_token(visitor)
    for other in ("", "x", token[:-1], token + "x", token.swapcase()):
        assert await reset(visitor, other) == 410
    assert await reset(visitor, token) == 204


async def test_token_is_for_one_purpose(ann: AsyncClient, visitor: AsyncClient) -> None:
    token = await reset_token(visitor)
    for path in ("verify-email", "email/confirm"):
        assert (await visitor.post(f"/api/v1/auth/{path}", json={"token": token})).status_code == 410
    assert await reset(visitor, token) == 204


@pytest.mark.parametrize("password", ["short", "password", "x" * 129])
async def test_weak_password_keeps_the_token(ann: AsyncClient, visitor: AsyncClient, password: str) -> None:
    token = await reset_token(visitor)
    assert await reset(visitor, token, password) == 422
    assert await reset(visitor, token) == 204


async def test_token_is_hashed_in_the_database(ann: AsyncClient, visitor: AsyncClient, app: FastAPI) -> None:
    token = await reset_token(visitor)
    async with open_db(app) as db:
        assert await mailed_tokens.is_good(db, "reset-password", hash_token(token))
        assert not await mailed_tokens.is_good(db, "reset-password", token)


@pytest.mark.parametrize("email", ["", "ann", "ann@example.com\n", None, 1, {"$gt": ""}])
async def test_invalid_address_returns_422(visitor: AsyncClient, email: Any) -> None:
    await prepare(visitor)
    response = await visitor.post("/api/v1/auth/forgot-password", json={"email": email})
    assert response.status_code == 422


async def test_deleted_account_cannot_be_reset(ann: AsyncClient, visitor: AsyncClient) -> None:
    token = await reset_token(visitor)
    assert (await ann.request("DELETE", ME, json={"password": PASSWORD})).status_code == 204
    assert await reset(visitor, token) == 410
