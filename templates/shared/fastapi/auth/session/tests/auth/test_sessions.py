"""Session cookies and CSRF tokens."""

from datetime import timedelta
from uuid import UUID

import pytest
from fastapi import FastAPI, Response
from httpx import AsyncClient

from app.auth import service
from app.auth.cookies import set_session_cookie
from app.config import Settings
from app.database import open_db
from app.schemas import now
from tests.conftest import SignIn
from tests.sign_in import PASSWORD, address, prepare

ME = "/api/v1/auth/me"
LOGIN = {"email": address("ann"), "password": PASSWORD}


async def test_login_returns_the_user_and_sets_the_cookie(ann: AsyncClient) -> None:
    response = await ann.post("/api/v1/auth/login", json=LOGIN)
    assert response.json()["email"] == address("ann")
    session, csrf = response.headers.get_list("set-cookie")
    assert session.startswith("session=")
    assert "HttpOnly" in session
    assert "SameSite=lax" in session
    assert csrf.startswith("csrf_token=")
    assert "HttpOnly" not in csrf


def test_cookie_has_the_host_prefix_and_is_secure_in_production(settings: Settings) -> None:
    response = Response()
    set_session_cookie(response, settings.model_copy(update={"app_env": "production"}), "id", "secret")
    cookie = response.headers.getlist("set-cookie")[0]
    assert cookie.startswith("__Host-session=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


async def test_session_lifetime_is_configurable(
    ann: AsyncClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    response = await ann.post("/api/v1/auth/login", json=LOGIN)
    assert f"Max-Age={settings.session_days * 86_400}" in response.headers["set-cookie"]
    for days, status in ((settings.session_days - 1, 200), (settings.session_days + 1, 401)):
        monkeypatch.setattr(service, "now", lambda days=days: now() + timedelta(days=days))
        assert (await ann.get(ME)).status_code == status


async def test_database_stores_only_a_hash_of_the_cookie(
    ann: AsyncClient, visitor: AsyncClient, app: FastAPI
) -> None:
    session_id, _, secret = ann.cookies["session"].partition(".")
    async with open_db(app) as db:
        stored = await service.find_session(db, UUID(session_id))
    assert stored
    assert secret not in stored.secret
    stolen = f"session={session_id}.{stored.secret}"
    assert (await visitor.get(ME, headers={"Cookie": stolen})).status_code == 401


async def test_each_login_creates_a_new_session(ann: AsyncClient) -> None:
    before = ann.cookies["session"]
    await ann.post("/api/v1/auth/login", json=LOGIN)
    assert ann.cookies["session"] != before


async def test_cookie_is_invalid_after_logout(ann: AsyncClient, visitor: AsyncClient) -> None:
    copied = ann.cookies["session"]
    response = await ann.post("/api/v1/auth/logout")
    assert "session" not in ann.cookies
    assert "csrf_token=" in response.headers["set-cookie"]
    assert (await visitor.get(ME, headers={"Cookie": f"session={copied}"})).status_code == 401


@pytest.mark.parametrize("cookie", ["", "x", "x.y", "..", '"'])
async def test_forged_cookies_return_401(ann: AsyncClient, visitor: AsyncClient, cookie: str) -> None:
    assert (await visitor.get(ME, headers={"Cookie": f"session={cookie}"})).status_code == 401
    right_id = ann.cookies["session"].split(".")[0]
    assert (await visitor.get(ME, headers={"Cookie": f"session={right_id}.{cookie}"})).status_code == 401


@pytest.mark.parametrize("path", ["signup", "login", "logout", "password"])
async def test_writing_without_csrf_token_returns_403(visitor: AsyncClient, path: str) -> None:
    response = await visitor.post(f"/api/v1/auth/{path}", json={})
    assert (response.status_code, response.json()["type"]) == (403, "/problems/csrf")


async def test_reading_needs_no_csrf_token(ann: AsyncClient) -> None:
    del ann.headers["X-CSRF-Token"]
    assert (await ann.get(ME)).status_code == 200
    assert (await ann.post("/api/v1/auth/logout")).status_code == 403
    assert (await ann.request("DELETE", ME, json={"password": PASSWORD})).status_code == 403
    assert (await ann.get(ME)).status_code == 200


async def test_page_of_a_listed_origin_can_use_the_session(ann: AsyncClient) -> None:
    response = await ann.get(ME, headers={"Origin": "https://pages.example"})
    assert response.headers["access-control-allow-credentials"] == "true"
    assert response.headers["access-control-allow-origin"] == "https://pages.example"


async def test_csrf_token_stays_valid_when_another_tab_requests_one(ann: AsyncClient) -> None:
    token = ann.headers["X-CSRF-Token"]
    for _ in range(3):
        await ann.get("/api/v1/auth/csrf")
        body = {"currentPassword": "wrong", "newPassword": "another horse battery"}
        response = await ann.post("/api/v1/auth/password", json=body, headers={"X-CSRF-Token": token})
        assert response.json()["type"] == "/problems/wrong-password"


async def test_csrf_cookie_contains_the_token(visitor: AsyncClient) -> None:
    response = await visitor.get("/api/v1/auth/csrf")
    assert response.json() == {"csrfToken": visitor.cookies["csrf_token"]}


async def test_csrf_header_without_its_cookie_returns_403(visitor: AsyncClient) -> None:
    await prepare(visitor)
    assert (await visitor.post("/api/v1/auth/login", json=LOGIN)).status_code == 401
    visitor.cookies.clear()
    assert (await visitor.post("/api/v1/auth/login", json=LOGIN)).status_code == 403


async def test_invalid_csrf_token_is_replaced(visitor: AsyncClient) -> None:
    response = await visitor.get("/api/v1/auth/csrf", headers={"Cookie": "csrf_token=a.b"})
    token = response.json()["csrfToken"]
    assert token != "a.b"
    assert f"csrf_token={token}" in response.headers["set-cookie"]


async def test_forged_csrf_cookie_and_header_return_403(ann: AsyncClient) -> None:
    made_up = {"X-CSRF-Token": "a.b", "Cookie": f"session={ann.cookies['session']}; csrf_token=a.b"}
    ann.cookies.clear()
    assert (await ann.post("/api/v1/auth/logout", headers=made_up)).status_code == 403


async def test_csrf_token_of_another_session_returns_403(as_user: SignIn) -> None:
    ann, eve = await as_user("ann"), await as_user("eve")
    stolen = eve.cookies["csrf_token"]
    headers = {"X-CSRF-Token": stolen, "Cookie": f"session={ann.cookies['session']}; csrf_token={stolen}"}
    ann.cookies.clear()
    assert (await ann.post("/api/v1/auth/logout", headers=headers)).status_code == 403


async def test_docs_page_sends_the_csrf_token(visitor: AsyncClient) -> None:
    page = (await visitor.get("/docs")).text
    assert "SwaggerUIBundle({" in page
    assert page.index("requestInterceptor:") < page.index("dom_id")
    assert 'request.headers["X-CSRF-Token"]' in page


async def test_csrf_token_from_before_login_is_refused_after_it(ann: AsyncClient) -> None:
    before = ann.cookies["csrf_token"]
    await ann.post("/api/v1/auth/login", json=LOGIN)
    assert (await ann.post("/api/v1/auth/logout", headers={"X-CSRF-Token": before})).status_code == 403
    await prepare(ann)
    assert (await ann.post("/api/v1/auth/logout")).status_code == 204


async def test_a_changed_password_makes_a_copied_cookie_worthless(
    ann: AsyncClient, visitor: AsyncClient
) -> None:
    visitor.cookies.set("session", ann.cookies["session"])
    assert (await visitor.get(ME)).status_code == 200
    body = {"currentPassword": PASSWORD, "newPassword": "another horse battery"}
    assert (await ann.post("/api/v1/auth/password", json=body)).status_code == 204
    assert (await visitor.get(ME)).status_code == 401
    assert (await ann.get(ME)).status_code == 200
