"""Sign-up."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from httpx import AsyncClient

from tests.sign_in import PASSWORD, address, log_in, prepare

ANN = {"email": "Ann@Example.com", "password": PASSWORD, "name": " Ann "}
ME = "/api/v1/auth/me"


async def sign_up(client: AsyncClient, **changes: Any) -> int:
    await prepare(client)
    return (await client.post("/api/v1/auth/signup", json={**ANN, **changes})).status_code


async def test_signup_creates_a_user_without_signing_in(visitor: AsyncClient) -> None:
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
async def test_email_domain_may_be_non_ascii(visitor: AsyncClient, email: str) -> None:
    assert await sign_up(visitor, email=email) == 201
    assert await sign_up(visitor, email=email.replace("ü", "Ü")) == 409


@pytest.mark.parametrize("email", ["bo@xn--mnchen-3ya.example", "Bo@MÜNCHEN.example", "bo@ｅxample.com"])
async def test_an_address_can_log_in_as_it_was_written_at_signup(visitor: AsyncClient, email: str) -> None:
    assert await sign_up(visitor, email=email) == 201
    credentials = {"email": email, "password": PASSWORD}
    assert (await visitor.post("/api/v1/auth/login", json=credentials)).status_code == 200


@pytest.mark.parametrize("same", ["ann@example.com", "ANN@EXAMPLE.COM", "Ann@ｅxample.com"])
async def test_email_address_is_unique_regardless_of_case(visitor: AsyncClient, same: str) -> None:
    assert await sign_up(visitor) == 201
    assert await sign_up(visitor, email=same) in (409, 422)
    assert await log_in(visitor, "ANN") == 200


async def test_concurrent_signups_create_one_account(visitor: AsyncClient) -> None:
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
        {"email": " ann@example.com "},
        {"email": "Ann <ann@example.com>"},
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
async def test_invalid_signup_returns_422(visitor: AsyncClient, changes: dict[str, Any]) -> None:
    assert await sign_up(visitor, **changes) == 422


@pytest.mark.parametrize("password", ["8 chars.", "x!" * 64, "pässwörd ✓✓"])
async def test_a_password_may_have_8_to_128_characters(visitor: AsyncClient, password: str) -> None:
    assert await sign_up(visitor, email=address("ann"), password=password) == 201
    assert await log_in(visitor, "ann", password) == 200


@pytest.mark.parametrize(
    ("changes", "field"), [({"email": "x"}, "email"), ({"name": ""}, "name"), ({"password": "x"}, "password")]
)
async def test_validation_error_does_not_contain_the_password(
    visitor: AsyncClient, changes: dict[str, str], field: str
) -> None:
    await prepare(visitor)
    response = await visitor.post("/api/v1/auth/signup", json={**ANN, **changes})
    assert [error["field"] for error in response.json()["errors"]] == [field]
    assert PASSWORD not in response.text
