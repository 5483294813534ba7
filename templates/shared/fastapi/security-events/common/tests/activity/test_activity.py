"""Where one is signed in, and the trail of what happened."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from app.activity import checks, service
from app.activity.service import list_events, record_events
from app.auth.service import find_user
from app.database import open_db
from app.schemas import now
from tests.conftest import SignIn
from tests.sign_in import PASSWORD, address, log_in

ME = "/api/v1/auth/me"
SESSIONS = "/api/v1/auth/sessions"
EVENTS = "/api/v1/auth/events"


async def sessions(client: AsyncClient) -> list[dict[str, Any]]:
    response = await client.get(SESSIONS)
    assert response.status_code == 200
    items: list[dict[str, Any]] = response.json()["items"]
    return items


async def event_types(client: AsyncClient) -> list[str]:
    response = await client.get(EVENTS, params={"limit": 100})
    assert response.status_code == 200
    return [event["type"] for event in response.json()["items"]]


async def add_events(app: FastAPI, count: int) -> None:
    async with open_db(app) as db:
        user = await find_user(db, address("ann"))
        assert user
        for _ in range(count):
            await record_events(db, user.id, "email-changed")


async def test_list_shows_own_sessions_newest_first(as_user: SignIn) -> None:
    here, there = await as_user("ann"), await as_user("ann")
    await as_user("bob")
    listed = await sessions(here)
    assert [session["current"] for session in listed] == [False, True]
    assert listed[0].keys() == {"id", "createdAt", "lastSeenAt", "userAgent", "current"}
    assert [session["id"] for session in await sessions(there)] == [session["id"] for session in listed]


@pytest.mark.parametrize(
    ("agent", "shown"),
    [("Phone/1.0", "Phone/1.0"), ("<script>", "<script>"), ("x" * 300, "x" * 200), ("", None)],
)
async def test_session_has_the_user_agent_of_its_login(
    ann: AsyncClient, agent: str, shown: str | None
) -> None:
    ann.headers["User-Agent"] = agent
    assert await log_in(ann, "ann") == 200
    ann.headers["User-Agent"] = "later"
    assert (await sessions(ann))[0]["userAgent"] == shown


async def test_last_seen_is_updated_once_a_minute(ann: AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    first = (await sessions(ann))[0]["lastSeenAt"]
    assert (await sessions(ann))[0]["lastSeenAt"] == first
    monkeypatch.setattr(checks, "PRECISION", timedelta(0))
    assert (await sessions(ann))[0]["lastSeenAt"] > first


async def test_expired_session_is_not_listed(ann: AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert await log_in(ann, "ann") == 200
    assert len(await sessions(ann)) == 2
    monkeypatch.setattr(service, "now", lambda: now() + timedelta(days=365))
    assert await sessions(ann) == []


async def test_ended_session_is_signed_out(as_user: SignIn) -> None:
    here, there = await as_user("ann"), await as_user("ann")
    [other] = [session["id"] for session in await sessions(here) if not session["current"]]
    assert (await here.delete(f"{SESSIONS}/{other}")).status_code == 204
    assert (await there.get(ME)).status_code == 401
    assert (await here.get(ME)).status_code == 200
    assert (await here.delete(f"{SESSIONS}/{other}")).status_code == 404


async def test_session_of_another_user_returns_404(as_user: SignIn) -> None:
    ann, bob = await as_user("ann"), await as_user("bob")
    [session] = await sessions(bob)
    for session_id in (session["id"], uuid4(), "nonsense"):
        assert (await ann.delete(f"{SESSIONS}/{session_id}")).status_code == 404
    assert (await bob.get(ME)).status_code == 200


async def test_all_sessions_end_but_not_those_of_others(as_user: SignIn) -> None:
    here, there, bob = await as_user("ann"), await as_user("ann"), await as_user("bob")
    assert (await here.delete(SESSIONS)).status_code == 204
    assert [(await client.get(ME)).status_code for client in (here, there, bob)] == [401, 401, 200]
    assert await log_in(here, "ann") == 200
    assert (await event_types(here))[:2] == ["logged-in", "sessions-ended"]


async def test_login_is_recorded_with_the_user_agent(ann: AsyncClient) -> None:
    ann.headers["User-Agent"] = "Phone/1.0"
    assert await log_in(ann, "ann") == 200
    event = (await ann.get(EVENTS)).json()["items"][0]
    assert event.keys() == {"id", "type", "at", "userAgent"}
    assert (event["type"], event["userAgent"]) == ("logged-in", "Phone/1.0")


async def test_failed_login_is_not_recorded(ann: AsyncClient, visitor: AsyncClient) -> None:
    before = await event_types(ann)
    assert await log_in(visitor, "ann", "wrong guess") == 401
    assert await event_types(ann) == before


async def test_ended_session_is_recorded(as_user: SignIn) -> None:
    here, _ = await as_user("ann"), await as_user("ann")
    await here.delete(f"{SESSIONS}/{(await sessions(here))[0]['id']}")
    assert (await event_types(here))[0] == "session-ended"


async def test_events_of_others_are_not_listed(as_user: SignIn, app: FastAPI) -> None:
    await as_user("ann")
    bob = await as_user("bob")
    before = await event_types(bob)
    await add_events(app, 3)
    assert await event_types(bob) == before


async def test_events_are_paged(ann: AsyncClient, app: FastAPI) -> None:
    await add_events(app, 5)
    everything = [event["id"] for event in (await ann.get(EVENTS)).json()["items"]]
    walked: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await ann.get(EVENTS, params={"limit": 2, **cursor})).json()
        walked += [event["id"] for event in page["items"]]
        if page["nextCursor"] is None:
            break
        cursor = {"cursor": page["nextCursor"]}
    assert walked == everything


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "cursor=", "cursor=x"])
async def test_invalid_page_returns_422(ann: AsyncClient, query: str) -> None:
    assert (await ann.get(f"{EVENTS}?{query}")).status_code == 422


@pytest.mark.parametrize("path", [SESSIONS, EVENTS, f"{EVENTS}?limit=x"])
async def test_visitor_is_unauthenticated(visitor: AsyncClient, path: str) -> None:
    assert (await visitor.get(path)).status_code == 401


async def test_login_during_the_deletion_is_no_error_and_leaves_no_event(
    as_user: SignIn, visitor: AsyncClient, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = await as_user("ann")
    user_id = UUID((await ann.get(ME)).json()["id"])

    async def late(*arguments: Any) -> None:
        assert (await ann.request("DELETE", ME, json={"password": PASSWORD})).status_code == 204
        await record_events(*arguments)

    monkeypatch.setattr(service, "record_events", late)
    assert await log_in(visitor, "ann") == 200
    assert (await visitor.get(ME)).status_code == 401
    async with open_db(app) as db:
        assert await list_events(db, user_id, None, 10) == []


async def test_deleted_account_leaves_no_events(ann: AsyncClient, app: FastAPI) -> None:
    user_id = UUID((await ann.get(ME)).json()["id"])
    assert (await ann.request("DELETE", ME, json={"password": PASSWORD})).status_code == 204
    async with open_db(app) as db:
        assert await list_events(db, user_id, None, 10) == []
