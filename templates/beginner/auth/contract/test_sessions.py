"""Where one is signed in, and the trail of what happened."""

import time
from datetime import timedelta

from mailed import event_types, follow, forgot, identity, make_admin, move, set_user, signed_in
from people import AUTH, bearer, log_in, me, new_address, new_password, sign_up, visitor
from resources import BAD_CURSORS, BAD_LIMITS, MALFORMED_IDS, UNKNOWN_IDS, ids, pages_of
from wire import assert_members, assert_problem, eventually, instant, now

from generator.contract import case

BOTH = ("jwt", "session")
SESSIONS = f"{AUTH}/sessions"
EVENTS = f"{AUTH}/events"


def sessions(user):
    """One's sessions."""
    response = user.get(SESSIONS)
    assert response.status_code == 200, f"{response.status_code} {response.text[:300]}"
    assert_members(response.json(), {"items"})
    return response.json()["items"]


def current(user):
    """The session that a client has."""
    found = [session for session in sessions(user) if session["current"]]
    assert len(found) == 1, f"{len(found)} sessions are the current one"
    return found[0]


@case(
    "sessions.list-shows-where-one-is-signed-in",
    points=2,
    reason="Only who sees a strange device can end it.",
    auth=BOTH,
)
def test_list(as_user, client):
    ann = as_user("ann")
    phone = signed_in(client, ann.account.email, ann.account.password, headers={"User-Agent": "Phone/1.0"})
    found = sessions(ann)
    assert len(found) == 2
    for session in found:
        assert_members(session, {"id", "createdAt", "lastSeenAt", "userAgent", "current"})
        for member in ("createdAt", "lastSeenAt"):
            assert abs(instant(session[member]) - now()) < timedelta(seconds=90), f"{member} is {session[member]}"
    assert [session["userAgent"] == "Phone/1.0" for session in found] == [True, False], "the newest is not the first"
    assert [session["current"] for session in found] == [False, True]
    assert current(phone)["id"] == found[0]["id"]


@case(
    "sessions.one-can-be-ended",
    points=2,
    reason="The telephone that was lost is signed out from the computer.",
    auth=BOTH,
)
def test_end(as_user, client, auth):
    ann, lost = as_user("ann"), as_user("ann")
    response = ann.delete(f"{SESSIONS}/{current(lost)['id']}")
    assert response.status_code == 204
    assert response.content == b""
    assert me(lost) == 401
    if auth == "jwt":
        body = {"refreshToken": lost.account.tokens["refreshToken"]}
        assert_problem(client().post(f"{AUTH}/refresh", json=body), 401)
    assert me(ann) == 200
    assert [session["current"] for session in sessions(ann)] == [True]


@case("sessions.the-current-one-can-be-ended", points=1, reason="It is a log-out by another name.", auth=BOTH)
def test_end_current(as_user):
    ann = as_user("ann")
    assert ann.delete(f"{SESSIONS}/{current(ann)['id']}").status_code == 204
    assert me(ann) == 401


@case(
    "sessions.others-are-404", points=3, reason="Or anyone signs anyone out, and learns which ids there are.", auth=BOTH
)
def test_others(as_user):
    ann, bob = as_user("ann"), as_user("bob")
    assert current(bob)["id"] not in ids(sessions(ann))
    assert_problem(ann.delete(f"{SESSIONS}/{current(bob)['id']}"), 404)
    for unknown in (*UNKNOWN_IDS, *MALFORMED_IDS):
        assert_problem(ann.delete(f"{SESSIONS}/{unknown}"), 404, what=unknown[:40])
    assert me(bob) == me(ann) == 200


@case("sessions.all-can-be-ended", points=2, reason="'Sign out everywhere' means here, too.", auth=BOTH)
def test_end_all(as_user, client, auth):
    ann, other, bob = as_user("ann"), as_user("ann"), as_user("bob")
    assert ann.delete(SESSIONS).status_code == 204
    assert me(ann) == me(other) == 401
    if auth == "jwt":
        body = {"refreshToken": other.account.tokens["refreshToken"]}
        assert_problem(client().post(f"{AUTH}/refresh", json=body), 401)
    assert me(bob) == 200


@case(
    "sessions.ended-ones-are-not-listed",
    points=1,
    reason="A list with dead entries hides the one that is not.",
    auth=BOTH,
)
def test_ended(as_user):
    ann, other = as_user("ann"), as_user("ann")
    gone = current(other)["id"]
    assert other.post(f"{AUTH}/logout").status_code == 204
    assert gone not in ids(sessions(ann))


@case(
    "sessions.password-change-renews-the-cookie",
    points=2,
    reason="Whoever copied the cookie must be out, although the owner stays in.",
    auth=("session",),
)
def test_renewed(as_user, client):
    ann = as_user("ann")
    before = ann.cookies["session"]
    change = {"currentPassword": ann.account.password, "newPassword": new_password()}
    assert ann.post(f"{AUTH}/password", json=change).status_code == 204
    assert ann.cookies["session"] != before
    assert me(ann) == 200
    assert me(client(), cookies={"session": before}) == 401, "the old cookie still opens the account"
    assert len(sessions(ann)) == 1
    assert ann.post(f"{AUTH}/logout").status_code == 204, "the CSRF token does not belong to the new session"


@case(
    "sessions.password-change-keeps-the-tokens",
    points=1,
    reason="Of tokens there is no copy in a cookie jar: the client that changed the password goes on with its own.",
    auth=("jwt",),
)
def test_kept(as_user, client):
    ann = as_user("ann")
    change = {"currentPassword": ann.account.password, "newPassword": new_password()}
    assert ann.post(f"{AUTH}/password", json=change).status_code == 204
    body = {"refreshToken": ann.account.tokens["refreshToken"]}
    response = client().post(f"{AUTH}/refresh", json=body)
    assert response.status_code == 200, response.text
    assert me(client(), headers=bearer(response.json()["accessToken"])) == 200


@case(
    "sessions.user-agent-is-any-text",
    points=1,
    reason="A header is a stranger's text: kept as text, and not without end.",
    auth=BOTH,
)
def test_user_agent(client):
    someone = visitor(client)
    sent = sign_up(someone)
    for value in ("<script>alert(1)</script>", "'; DROP TABLE sessions; --", "{{7*7}} ${7*7}"):
        user = signed_in(client, sent["email"], sent["password"], headers={"User-Agent": value})
        assert current(user)["userAgent"] == value
    long = signed_in(client, sent["email"], sent["password"], headers={"User-Agent": "x" * 3000})
    assert current(long)["userAgent"] == "x" * 200
    none = signed_in(client, sent["email"], sent["password"], headers={"User-Agent": ""})
    assert current(none)["userAgent"] is None


@case(
    "sessions.last-seen-goes-on",
    points=2,
    reason="Whether a session is in use tells a forgotten device from a thief. A minute's difference does not matter.",
    auth=BOTH,
    waits=63,
)
def test_last_seen(as_user):
    ann, other = as_user("ann"), as_user("ann")
    first = current(other)["lastSeenAt"]
    time.sleep(62)
    assert me(other) == 200

    def later():
        found = next(session for session in sessions(ann) if not session["current"])
        return instant(found["lastSeenAt"]) - instant(first) > timedelta(seconds=30)

    assert eventually(later, within=2.0), "used a minute later, and still seen at the log-in"


@case(
    "sessions.strangers-are-401",
    points=1,
    reason="Who is not signed in learns that first, and nothing of ids.",
    auth=BOTH,
)
def test_strangers(as_user, client):
    ann, stranger = as_user("ann"), visitor(client)
    for method, path in (
        ("GET", SESSIONS),
        ("DELETE", SESSIONS),
        ("DELETE", f"{SESSIONS}/{current(ann)['id']}"),
        ("DELETE", f"{SESSIONS}/nonsense"),
        ("GET", EVENTS),
        ("GET", f"{EVENTS}?limit=x"),
        ("GET", "/api/v1/users"),
        ("GET", f"/api/v1/users/{identity(ann)}"),
        ("PATCH", "/api/v1/users/nonsense"),
        ("POST", f"{AUTH}/email"),
    ):
        response = stranger.request(method, path, json={"nonsense": 1} if method in ("PATCH", "POST") else None)
        assert_problem(response, 401, what=f"{method} {path}")
    assert me(ann) == 200


@case(
    "events.tell-what-happened", points=2, reason="A trail that the owner can read finds what a thief did.", auth=BOTH
)
def test_trail(client, mails):
    someone, new = visitor(client), new_password()
    sent = sign_up(someone)
    mail = forgot(someone, mails, sent["email"])
    assert follow(someone, mail, newPassword=new).status_code == 204
    ann = signed_in(client, sent["email"], new, headers={"User-Agent": "Browser/2.0"})
    change = {"currentPassword": new, "newPassword": new_password()}
    assert ann.post(f"{AUTH}/password", json=change).status_code == 204
    found = ann.get(EVENTS).json()
    assert_members(found, {"items", "nextCursor"})
    types = [event["type"] for event in found["items"]]
    assert types == ["password-changed", "logged-in", "password-reset", "account-created"]
    for event in found["items"]:
        assert_members(event, {"id", "type", "at", "userAgent"})
        assert abs(instant(event["at"]) - now()) < timedelta(seconds=90)
    assert found["items"][1]["userAgent"] == "Browser/2.0"


@case(
    "events.name-address-and-sessions", points=1, reason="Each way to take an account over leaves its line.", auth=BOTH
)
def test_more(as_user, client, mails):
    ann, other = as_user("ann"), as_user("ann")
    email = new_address()
    assert move(ann, email).status_code == 202
    assert follow(visitor(client), mails.wait(email)[-1]).status_code == 204
    assert ann.delete(f"{SESSIONS}/{current(other)['id']}").status_code == 204
    assert event_types(ann)[:2] == ["session-ended", "email-changed"]
    assert ann.delete(SESSIONS).status_code == 204
    again = signed_in(client, email, ann.account.password)
    assert event_types(again)[:2] == ["logged-in", "sessions-ended"]


@case(
    "events.failed-log-ins-leave-none",
    points=1,
    reason="A write for known addresses alone would show in the time of the answer.",
    auth=BOTH,
)
def test_failures(as_user, client):
    ann = as_user("ann")
    before = event_types(ann)
    assert log_in(visitor(client), ann.account.email, "wrong-password-1").status_code == 401
    assert event_types(ann) == before


@case("events.are-ones-own", points=2, reason="They say when and with what somebody was signed in.", auth=BOTH)
def test_own(as_user):
    ann, bob = as_user("ann"), as_user("bob")
    before = ann.get(EVENTS, params={"limit": 100}).json()["items"]
    assert not set(ids(before)) & set(ids(bob.get(EVENTS).json()["items"]))


@case("events.come-page-by-page", points=2, reason="The trail of years does not fit into one answer.", auth=BOTH)
def test_pages(as_user):
    ann = as_user("ann")
    for _ in range(4):
        as_user("ann")
    everything = ids(ann.get(EVENTS, params={"limit": 100}).json()["items"])
    assert len(everything) == 6
    walked = list(pages_of(ann, EVENTS, limit=4))
    assert [ids(page) for page in walked] == [everything[:4], everything[4:]]
    for limit in BAD_LIMITS:
        assert_problem(ann.get(EVENTS, params={"limit": limit}), 422, what=limit)
    for cursor in BAD_CURSORS:
        assert_problem(ann.get(EVENTS, params={"cursor": cursor}), 422, what=cursor[:40])


@case(
    "events.of-an-admin-name-no-device",
    points=1,
    reason="The user is told what was done; with what the admin works is the admin's own.",
    auth=BOTH,
    needs=("process",),
)
def test_by_admin(as_user, project):
    root, ann = make_admin(project, as_user("root")), as_user("ann")
    assert set_user(root, identity(ann), role="admin").status_code == 200
    assert set_user(root, identity(ann), role="user").status_code == 200
    found = ann.get(EVENTS).json()["items"]
    assert [event["type"] for event in found[:2]] == ["role-changed", "role-changed"]
    assert [event["userAgent"] for event in found[:2]] == [None, None]
