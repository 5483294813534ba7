"""Session cookies and CSRF tokens."""

import secrets

from people import AUTH, log_in, me, new_address, person, sign_up, user_members, visitor
from wire import assert_members, assert_problem, sample_of

from generator.contract import case

SESSION = ("session",)
HEADER = "X-CSRF-Token"


def signed_in(client):
    """A visitor who has signed up and logged in, and the log-in's answer."""
    someone = visitor(client)
    sent = sign_up(someone)
    response = log_in(someone, sent["email"], sent["password"])
    assert response.status_code == 200, response.text
    return someone, response


@case(
    "auth.session.login-answers-the-user", points=1, reason="The page can greet without a second request.", auth=SESSION
)
def test_login(client, openapi):
    someone, response = signed_in(client)
    user = response.json()
    assert_members(user, user_members(openapi))
    assert someone.get(f"{AUTH}/me").json() == user


@case(
    "auth.session.cookie-is-kept-from-scripts-and-sites",
    points=2,
    reason="HttpOnly against injected script, Lax against foreign forms.",
    auth=SESSION,
)
def test_cookie(client):
    someone, response = signed_in(client)
    cookie = someone.cookies.cookie("session")
    assert "httponly" in cookie.attributes
    assert cookie.attributes.get("samesite", "").lower() == "lax"
    assert cookie.attributes.get("path") == "/"
    assert "domain" not in cookie.attributes
    assert len(cookie.value) >= 20, "too short to be unguessable"
    assert cookie.value not in response.text


@case(
    "auth.session.csrf-token-is-handed-out",
    points=1,
    reason="A page of the own origin can read it, a foreign one cannot.",
    auth=SESSION,
)
def test_csrf(client):
    stranger = client()
    response = stranger.get(f"{AUTH}/csrf")
    assert response.status_code == 200
    assert_members(response.json(), {"csrfToken"})
    cookie = stranger.cookies.cookie("csrf_token")
    assert len(cookie.value) >= 16
    assert "httponly" not in cookie.attributes, "scripts must be able to read it"
    for token in (cookie.value, response.json()["csrfToken"]):  # some frameworks mask the token in the body
        answer = stranger.post(f"{AUTH}/signup", json=person(), headers={HEADER: token})
        assert answer.status_code in (201, 202), f"{answer.status_code} {answer.text[:200]}"


@case(
    "auth.session.csrf-token-outlives-the-next",
    points=1,
    reason="A second tab that fetches a token must not break the first.",
    auth=SESSION,
)
def test_csrf_twice(client, openapi):
    someone, _ = signed_in(client)
    sample = sample_of(openapi)
    for who, path, body in ((someone, sample.collection, sample.body), (client(), f"{AUTH}/signup", person())):
        first = who.get(f"{AUTH}/csrf").json()["csrfToken"]
        who.get(f"{AUTH}/csrf")
        who.head(f"{AUTH}/csrf")
        response = who.post(path, json=body, headers={HEADER: first})
        assert response.status_code in (201, 202), f"POST {path} with the token fetched first"


@case(
    "auth.session.csrf-guards-every-change",
    points=3,
    reason="A cookie goes along with requests that other sites make.",
    auth=SESSION,
)
def test_csrf_missing(client, openapi):
    someone, _ = signed_in(client)
    sample = sample_of(openapi)
    item = sample.path(sample.make(someone))
    for who in (someone, visitor(client)):
        for method, path, body in (
            ("POST", f"{AUTH}/signup", person()),
            ("POST", f"{AUTH}/login", {"email": new_address(), "password": "x" * 9}),
            ("POST", f"{AUTH}/logout", None),
            ("POST", f"{AUTH}/password", {"currentPassword": "x", "newPassword": "y"}),
            ("DELETE", f"{AUTH}/me", {"password": "x"}),
            ("POST", sample.collection, sample.body),
            *([("PATCH", item, sample.change)] if sample.change else []),
            ("DELETE", item, None),
        ):
            response = who.request(method, path, json=body, headers={HEADER: None})
            assert_problem(response, 403, "csrf", what=f"{method} {path} without {HEADER}")
    assert me(someone) == 200
    assert not sample.change or someone.get(item).status_code == 200


@case("auth.session.csrf-wrong-token-is-403", points=2, reason="Any value at all is no proof.", auth=SESSION)
def test_csrf_wrong(client, openapi):
    someone, _ = signed_in(client)
    sample = sample_of(openapi)
    good = someone.cookies["csrf_token"]
    flipped = ("a" if good[0] != "a" else "b") + good[1:]
    for wrong in ("", "x", good[:-1], good + "x", flipped, good.swapcase(), secrets.token_hex(32), "null"):
        assert_problem(
            someone.post(sample.collection, json=sample.body, headers={HEADER: wrong}), 403, "csrf", what=wrong[:20]
        )
    assert_problem(
        someone.post(sample.collection, json=sample.body, headers={HEADER: good}, cookies={"csrf_token": None}),
        403,
        "csrf",
        what="no cookie",
    )
    assert sample.make(someone), "the right token still works"


@case(
    "auth.session.csrf-token-is-fresh-after-login",
    points=1,
    reason="A token known before the log-in must not act after it.",
    auth=SESSION,
)
def test_csrf_fresh(client, openapi):
    someone = visitor(client)
    sent = sign_up(someone)
    before = someone.cookies["csrf_token"]
    log_in(someone, sent["email"], sent["password"])
    someone.csrf()
    assert someone.cookies["csrf_token"] != before, "the token from before the log-in is still the token"
    sample = sample_of(openapi)
    sample.make(someone)
    assert_problem(someone.post(sample.collection, json=sample.body, headers={HEADER: before}), 403, "csrf")
    assert someone.post(f"{AUTH}/logout").status_code == 204
    someone.csrf()
    assert log_in(someone, sent["email"], sent["password"]).status_code == 200


@case(
    "auth.session.reading-needs-no-csrf-token",
    points=1,
    reason="GET and HEAD change nothing, so nothing is to be guarded.",
    auth=SESSION,
)
def test_safe(client, openapi):
    someone, _ = signed_in(client)
    response = someone.get(sample_of(openapi).list, cookies={"csrf_token": None})
    assert response.status_code == 200


@case(
    "auth.session.id-is-new-at-login",
    points=3,
    reason="Session fixation: an id known before the log-in is known to whoever planted it.",
    auth=SESSION,
)
def test_fixation(client):
    someone = visitor(client)
    sent = sign_up(someone)
    for planted in (someone.cookies.get("session"), secrets.token_urlsafe(32), "planted"):
        if planted is None:
            continue
        someone.cookies["session"] = planted
        someone.csrf()
        assert log_in(someone, sent["email"], sent["password"]).status_code == 200
        assert someone.cookies["session"] != planted
        assert me(client(), cookies={"session": planted}) == 401, "the planted id is signed in"
    first = someone.cookies["session"]
    assert log_in(someone, sent["email"], sent["password"]).status_code == 200
    assert someone.cookies["session"] != first, "a second log-in keeps the id"


@case(
    "auth.session.made-up-cookies-are-401",
    points=1,
    reason="Whatever the cookie says, the answer is 401 and never 500.",
    auth=SESSION,
)
def test_made_up(client):
    someone, _ = signed_in(client)
    good = someone.cookies["session"]
    flipped = ("A" if good[0] != "A" else "B") + good[1:]
    for cookie in (
        "j:1",
        'j:{"$ne":""}',
        "x",
        "null",
        "0",
        good[:-1],
        good + "x",
        flipped,
        good.swapcase(),
        "%00",
        "%ff",
        "{}",
        "'%20OR%20'1'='1",
        "s:" + good,
        "x" * 4000,
        secrets.token_urlsafe(32),
    ):
        response = client().get(f"{AUTH}/me", headers={"Cookie": f"session={cookie}"})
        assert_problem(response, 401, what=cookie[:30])
    for token in ("j:1", "j:null", "%00"):
        response = client().get(f"{AUTH}/csrf", headers={"Cookie": f"csrf_token={token}"})
        assert response.status_code == 200, f"csrf_token={token}: {response.status_code}"
    assert me(client(), headers={"Cookie": f"__Host-session={good}"}) == 401, "in test the cookie is called session"
    assert me(someone) == 200


@case(
    "auth.session.logout-forgets-the-cookie",
    points=1,
    reason="A browser that keeps it sends a dead id for ever.",
    auth=SESSION,
)
def test_forgets(client):
    someone, _ = signed_in(client)
    before = someone.cookies["session"]
    assert someone.post(f"{AUTH}/logout").status_code == 204
    assert someone.cookies.get("session") != before
    assert me(client(), cookies={"session": before}) == 401
