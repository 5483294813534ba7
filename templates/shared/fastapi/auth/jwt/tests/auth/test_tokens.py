"""Access tokens, and refresh tokens that work once."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest
from httpx import AsyncClient, Response

from app.auth import service
from app.auth.tokens import Claims, _key, create_token, read_token
from app.config import Settings
from app.schemas import now
from tests.conftest import SignIn
from tests.sign_in import PASSWORD, address

ME = "/api/v1/auth/me"


async def log_in(client: AsyncClient) -> dict[str, Any]:
    body = {"email": address("ann"), "password": PASSWORD}
    tokens: dict[str, Any] = (await client.post("/api/v1/auth/login", json=body)).json()
    return tokens


async def me(client: AsyncClient, token: str) -> Response:
    return await client.get(ME, headers={"Authorization": f"Bearer {token}"})


async def refresh(client: AsyncClient, token: str) -> Response:
    return await client.post("/api/v1/auth/refresh", json={"refreshToken": token})


async def test_login_returns_two_tokens(ann: AsyncClient) -> None:
    tokens = await log_in(ann)
    assert tokens.keys() == {"accessToken", "refreshToken", "tokenType", "expiresIn"}
    assert (tokens["tokenType"], tokens["expiresIn"]) == ("Bearer", 900)
    claims = jwt.decode(tokens["accessToken"], options={"verify_signature": False})
    assert claims.keys() == {"iss", "aud", "sub", "sid", "jti", "typ", "iat", "exp"}


async def test_missing_token_returns_401_with_a_challenge(visitor: AsyncClient) -> None:
    response = await visitor.get(ME)
    assert (response.status_code, response.headers["www-authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize("scheme", ["Basic", "Token", ""])
async def test_other_schemes_return_401(ann: AsyncClient, scheme: str) -> None:
    token = (await log_in(ann))["accessToken"]
    assert (await ann.get(ME, headers={"Authorization": f"{scheme} {token}".strip()})).status_code == 401
    assert (await ann.get(ME, headers={"Authorization": f"bearer {token}"})).status_code == 200


async def test_token_in_the_query_is_ignored(ann: AsyncClient, visitor: AsyncClient) -> None:
    token = (await log_in(ann))["accessToken"]
    assert (await visitor.get(f"{ME}?access_token={token}")).status_code == 401


async def test_invalid_tokens_return_401(ann: AsyncClient, settings: Settings) -> None:
    good = await log_in(ann)
    claims = jwt.decode(good["accessToken"], options={"verify_signature": False})
    key = _key(settings)

    def signed(**changes: Any) -> str:
        return jwt.encode({**claims, **changes}, key, "HS256")

    assert (await me(ann, signed())).status_code == 200
    wrong = [
        "",
        "x.y.z",
        good["accessToken"][:-2],
        good["refreshToken"],
        jwt.encode(claims, "", "none"),
        jwt.encode(claims, "x" * 32, "HS256"),
        jwt.encode(claims, key * 2, "HS512"),
        signed(exp=1),
        signed(iss="https://evil.example"),
        signed(aud="another"),
        signed(typ="refresh"),
        signed(sid="another"),
        signed(sub="another"),
        jwt.encode({name: value for name, value in claims.items() if name != "exp"}, key, "HS256"),
    ]
    assert [(await me(ann, token)).status_code for token in wrong] == [401] * len(wrong)


async def test_refresh_returns_new_tokens(ann: AsyncClient) -> None:
    tokens = await log_in(ann)
    response = await refresh(ann, tokens["refreshToken"])
    assert response.status_code == 200
    assert (await me(ann, response.json()["accessToken"])).status_code == 200
    assert (await me(ann, tokens["accessToken"])).status_code == 200


async def test_access_token_cannot_be_used_to_refresh(ann: AsyncClient) -> None:
    assert (await refresh(ann, (await log_in(ann))["accessToken"])).status_code == 401


@pytest.mark.parametrize(
    "body", [{}, {"refreshToken": None}, {"refreshToken": 1}, {"refreshToken": "x", "a": 1}]
)
async def test_invalid_refresh_body_returns_422(visitor: AsyncClient, body: dict[str, Any]) -> None:
    assert (await visitor.post("/api/v1/auth/refresh", json=body)).status_code == 422


@pytest.mark.parametrize("token", ["", "x.y.z"])
async def test_forged_refresh_tokens_return_401(visitor: AsyncClient, token: str) -> None:
    response = await refresh(visitor, token)
    assert (response.status_code, response.headers["www-authenticate"]) == (401, "Bearer")


async def test_expired_session_returns_401(ann: AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    pair = await log_in(ann)
    monkeypatch.setattr(service, "now", lambda: now() + timedelta(days=30, minutes=1))
    assert (await me(ann, pair["accessToken"])).status_code == 401
    assert (await refresh(ann, pair["refreshToken"])).status_code == 401


async def test_password_change_revokes_refresh_tokens_of_other_sessions(ann: AsyncClient) -> None:
    here, there = await log_in(ann), await log_in(ann)
    body = {"currentPassword": PASSWORD, "newPassword": "another horse battery"}
    authorization = {"Authorization": f"Bearer {here['accessToken']}"}
    assert (await ann.post("/api/v1/auth/password", json=body, headers=authorization)).status_code == 204
    assert (await refresh(ann, there["refreshToken"])).status_code == 401
    assert (await refresh(ann, here["refreshToken"])).status_code == 200


async def test_deleting_the_account_revokes_its_tokens(ann: AsyncClient) -> None:
    pair = await log_in(ann)
    assert (await ann.request("DELETE", ME, json={"password": PASSWORD})).status_code == 204
    assert (await refresh(ann, pair["refreshToken"])).status_code == 401
    assert (await me(ann, pair["accessToken"])).status_code == 401


async def test_reused_refresh_token_revokes_its_family(as_user: SignIn) -> None:
    ann = await as_user("ann")
    stolen = await log_in(ann)
    other = await log_in(ann)
    fresh = (await refresh(ann, stolen["refreshToken"])).json()
    assert (await refresh(ann, stolen["refreshToken"])).status_code == 401
    assert (await refresh(ann, fresh["refreshToken"])).status_code == 401
    assert (await me(ann, fresh["accessToken"])).status_code == 401
    assert (await me(ann, other["accessToken"])).status_code == 200


async def test_refresh_token_used_twice_at_once_succeeds_once(ann: AsyncClient) -> None:
    token = (await log_in(ann))["refreshToken"]
    responses = await asyncio.gather(refresh(ann, token), refresh(ann, token))
    assert sorted(response.status_code for response in responses) == [200, 401]


async def test_logout_revokes_the_refresh_token(ann: AsyncClient) -> None:
    tokens = await log_in(ann)
    await ann.post("/api/v1/auth/logout", headers={"Authorization": f"Bearer {tokens['accessToken']}"})
    assert (await refresh(ann, tokens["refreshToken"])).status_code == 401


@pytest.mark.parametrize(("minutes", "seconds"), [(1, 60), (30, 1800)])
def test_token_lifetime_is_configurable(settings: Settings, minutes: int, seconds: int) -> None:
    settings = settings.model_copy(update={"access_token_minutes": minutes})
    token = create_token(settings, "access", Claims(uuid4(), uuid4(), "t"))
    payload = jwt.decode(token, options={"verify_signature": False})
    assert payload["exp"] - payload["iat"] == seconds


@pytest.mark.parametrize(("seconds", "accepted"), [(-40, False), (-20, True), (20, True), (40, False)])
def test_clocks_may_differ_by_30_seconds(settings: Settings, seconds: int, *, accepted: bool) -> None:
    moment = now() + timedelta(seconds=seconds)
    claims = jwt.decode(
        create_token(settings, "access", Claims(uuid4(), uuid4(), "t")), options={"verify_signature": False}
    )
    claims |= {"exp": moment} if seconds < 0 else {"iat": moment}
    token = jwt.encode(claims, _key(settings), "HS256")
    if accepted:
        read_token(settings, "access", token)
    else:
        with pytest.raises(ValueError, match="not a valid token"):
            read_token(settings, "access", token)
