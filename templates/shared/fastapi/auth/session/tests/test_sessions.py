"""Sessions: a cookie that scripts cannot read, and a token that other sites cannot know."""

import pytest
from fastapi import Response
from httpx import AsyncClient

from app.auth.cookies import Cookies
from app.settings import Settings
from tests.conftest import SignedIn
from tests.people import PASSWORD, address, prepare

ME = "/api/v1/auth/me"
LOGIN = {"email": address("ann"), "password": PASSWORD}


async def test_log_in_answers_the_user_and_sets_the_cookie(ann: AsyncClient) -> None:
    response = await ann.post("/api/v1/auth/login", json=LOGIN)
    assert response.json()["email"] == address("ann")
    session, csrf = response.headers.get_list("set-cookie")
    assert session.startswith("session=")
    assert "HttpOnly" in session
    assert "SameSite=lax" in session
    assert csrf.startswith("csrf_token=")
    assert "HttpOnly" not in csrf


def test_in_production_the_cookie_is_for_this_host_and_tls(settings: Settings) -> None:
    response = Response()
    Cookies(settings.model_copy(update={"app_env": "production"})).write(response, "id", "secret")
    cookie = response.headers.getlist("set-cookie")[0]
    assert cookie.startswith("__Host-session=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


async def test_each_log_in_has_a_new_session(ann: AsyncClient) -> None:
    before = ann.cookies["session"]
    await ann.post("/api/v1/auth/login", json=LOGIN)
    assert ann.cookies["session"] != before


async def test_a_cookie_is_worth_nothing_after_log_out(ann: AsyncClient, visitor: AsyncClient) -> None:
    copied = ann.cookies["session"]
    response = await ann.post("/api/v1/auth/logout")
    assert "session" not in ann.cookies
    assert "csrf_token=" in response.headers["set-cookie"]
    assert (await visitor.get(ME, headers={"Cookie": f"session={copied}"})).status_code == 401


@pytest.mark.parametrize("cookie", ["", "x", "x.y", "..", '"'])
async def test_made_up_cookies_are_401(ann: AsyncClient, visitor: AsyncClient, cookie: str) -> None:
    assert (await visitor.get(ME, headers={"Cookie": f"session={cookie}"})).status_code == 401
    right_id = ann.cookies["session"].split(".")[0]
    assert (await visitor.get(ME, headers={"Cookie": f"session={right_id}.{cookie}"})).status_code == 401


@pytest.mark.parametrize("path", ["signup", "login", "logout", "password"])
async def test_without_the_token_nothing_changes(visitor: AsyncClient, path: str) -> None:
    response = await visitor.post(f"/api/v1/auth/{path}", content=b"{")
    assert (response.status_code, response.json()["type"]) == (403, "/problems/csrf")


async def test_reading_needs_no_token(ann: AsyncClient) -> None:
    del ann.headers["X-CSRF-Token"]
    assert (await ann.get(ME)).status_code == 200
    assert (await ann.post("/api/v1/auth/logout")).status_code == 403


async def test_the_cookie_is_the_token(visitor: AsyncClient) -> None:
    response = await visitor.get("/api/v1/auth/csrf")
    assert response.json() == {"csrfToken": visitor.cookies["csrf_token"]}


async def test_a_made_up_pair_of_cookie_and_header_is_refused(ann: AsyncClient) -> None:
    made_up = {"X-CSRF-Token": "a.b", "Cookie": f"session={ann.cookies['session']}; csrf_token=a.b"}
    ann.cookies.clear()
    assert (await ann.post("/api/v1/auth/logout", headers=made_up)).status_code == 403


async def test_the_token_of_another_session_is_refused(as_user: SignedIn) -> None:
    ann, eve = await as_user("ann"), await as_user("eve")
    stolen = eve.cookies["csrf_token"]
    headers = {"X-CSRF-Token": stolen, "Cookie": f"session={ann.cookies['session']}; csrf_token={stolen}"}
    ann.cookies.clear()
    assert (await ann.post("/api/v1/auth/logout", headers=headers)).status_code == 403


async def test_a_token_from_before_the_log_in_is_refused_after_it(ann: AsyncClient) -> None:
    before = ann.cookies["csrf_token"]
    await ann.post("/api/v1/auth/login", json=LOGIN)
    assert (await ann.post("/api/v1/auth/logout", headers={"X-CSRF-Token": before})).status_code == 403
    await prepare(ann)
    assert (await ann.post("/api/v1/auth/logout")).status_code == 204
