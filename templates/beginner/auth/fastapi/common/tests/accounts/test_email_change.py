"""Another address."""

import asyncio

import pytest
from httpx import AsyncClient, Response

from tests.conftest import SignIn
from tests.outbox import outbox
from tests.sign_in import PASSWORD, address, log_in, prepare
from tests.sign_up import make_account

ME = "/api/v1/auth/me"


async def move(client: AsyncClient, email: str, password: str = PASSWORD) -> Response:
    return await client.post("/api/v1/auth/email", json={"newEmail": email, "password": password})


async def confirm(client: AsyncClient, token: str) -> int:
    await prepare(client)
    return (await client.post("/api/v1/auth/email/confirm", json={"token": token})).status_code


async def email_of(client: AsyncClient) -> str:
    email: str = (await client.get(ME)).json()["email"]
    return email


async def test_address_changes_when_it_is_confirmed(ann: AsyncClient, visitor: AsyncClient) -> None:
    response = await move(ann, "Anna@example.com")
    assert (response.status_code, response.content) == (202, b"")
    mail = outbox[-1]
    assert mail.to == "Anna@example.com"
    assert f"\nhttp://sho.rt/confirm-email#token={mail.token}\n" in mail.text
    assert await email_of(ann) == address("ann")
    assert await confirm(visitor, mail.token) == 204
    assert await email_of(ann) == "Anna@example.com"
    assert await log_in(visitor, "ann") == 401
    assert await log_in(visitor, "ANNA") == 200
    types = [event["type"] for event in (await ann.get("/api/v1/auth/events")).json()["items"]]
    assert "email-changed" in types


async def test_old_address_gets_a_notice(ann: AsyncClient, visitor: AsyncClient) -> None:
    await move(ann, "anna@example.com")
    await confirm(visitor, outbox[-1].token)
    assert (outbox[-1].to, outbox[-1].token) == (address("ann"), "")


async def test_token_works_once(ann: AsyncClient, visitor: AsyncClient) -> None:
    await move(ann, "anna@example.com")
    token = outbox[-1].token
    await prepare(visitor)
    statuses = await asyncio.gather(*(confirm(visitor, token) for _ in range(3)))
    assert sorted(statuses) == [204, 410, 410]


async def test_wrong_password_returns_403(ann: AsyncClient) -> None:
    before = len(outbox)
    response = await move(ann, "anna@example.com", "wrong guess")
    assert (response.status_code, response.json()["type"]) == (403, "/problems/wrong-password")
    assert len(outbox) == before


async def test_taken_address_gets_the_same_answer_and_a_notice(as_user: SignIn) -> None:
    ann, _ = await as_user("ann"), await as_user("bob")
    new, taken = await move(ann, "anna@example.com"), await move(ann, address("BOB"))
    assert (new.status_code, new.content) == (taken.status_code, taken.content) == (202, b"")
    assert new.headers.keys() == taken.headers.keys()
    assert (outbox[-1].to, outbox[-1].token) == (address("bob"), "")
    assert (await move(ann, address("ann"))).status_code == 202
    assert (outbox[-1].to, outbox[-1].token) == (address("ann"), "")


async def test_newer_request_replaces_the_one_before(ann: AsyncClient, visitor: AsyncClient) -> None:
    await move(ann, "first@example.com")
    first = outbox[-1].token
    await move(ann, "second@example.com")
    assert await confirm(visitor, first) == 410
    assert await confirm(visitor, outbox[-1].token) == 204
    assert await email_of(ann) == "second@example.com"


async def test_address_that_was_taken_meanwhile_returns_409(ann: AsyncClient, visitor: AsyncClient) -> None:
    await move(ann, "anna@example.com")
    token = outbox[-1].token
    await prepare(visitor)
    await make_account(visitor, {"email": "anna@example.com", "password": PASSWORD, "name": "Anna"})
    assert await confirm(visitor, token) == 409
    assert await email_of(ann) == address("ann")


async def test_of_two_users_one_gets_the_address(as_user: SignIn, visitor: AsyncClient) -> None:
    ann, bob = await as_user("ann"), await as_user("bob")
    await move(ann, "both@example.com")
    await move(bob, "both@example.com")
    await prepare(visitor)
    statuses = await asyncio.gather(*(confirm(visitor, mail.token) for mail in outbox[-2:]))
    assert sorted(statuses) == [204, 409]


async def test_change_ends_the_links_to_the_old_address(ann: AsyncClient, visitor: AsyncClient) -> None:
    await prepare(visitor)
    await visitor.post("/api/v1/auth/forgot-password", json={"email": address("ann")})
    reset = {"token": outbox[-1].token, "newPassword": "another horse battery"}
    await move(ann, "anna@example.com")
    assert await confirm(visitor, outbox[-1].token) == 204
    assert (await visitor.post("/api/v1/auth/reset-password", json=reset)).status_code == 410


@pytest.mark.parametrize(
    "email", ["", "ann", "ann@example.com\r\nBcc: eve@example.com", f"ann@{'x' * 250}.com"]
)
async def test_invalid_address_returns_422(ann: AsyncClient, email: str) -> None:
    assert (await move(ann, email)).status_code == 422


async def test_visitor_is_unauthenticated(visitor: AsyncClient) -> None:
    await prepare(visitor)
    assert (await move(visitor, "anna@example.com")).status_code == 401
