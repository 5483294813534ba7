"""``scaffold check --url``: any server, and only what can be done to it from outside."""

from __future__ import annotations

import pytest

from tests.contract.conftest import World

CASES = """
@case("things.signs-in", points=2, reason="A user is who she says.")
def test_signs_in(as_user, auth):
    ann = as_user("ann")
    assert ann.get("/things").json()["user"] == ("local" if auth == "none" else "ann")
    assert ann.post("/things").status_code == 201
    assert (ann.account.name, bool(ann.account.tokens)) == ("ann", auth == "jwt")

@case("things.same-account-twice", points=1, reason="A name is one account.", needs=("users",))
def test_twice(as_user):
    one, two = as_user("ann"), as_user("ann")
    assert one.account is two.account
    assert one.address != two.address

@case("things.anonymous-is-nobody", points=1, reason="No one is signed in by chance.", needs=("users",))
def test_anonymous(api, as_user):
    as_user("ann")
    assert api.get("/things").json()["user"] is None

@case("things.clients-differ", points=1, reason="Each client has an address of its own.")
def test_addresses(api, client):
    clients = (api, client(), client(), client("203.0.113.9"), client("203.0.113.9"))
    seen = [each.get("/things").json()["client"] for each in clients]
    assert len(set(seen)) == 4, seen
    assert seen[3] == seen[4]

@case("things.redirects-are-not-followed", points=1, reason="A redirect is an answer.")
def test_redirect(api):
    assert api.get("/elsewhere").status_code == 302

@case("things.stays-at-home", points=1, reason="No case leaves the server.")
def test_home(api, server):
    assert api.get(server.public_url + "/things").status_code == 200
    try:
        api.get("http://example.com/")
    except ValueError:
        return
    raise AssertionError("it left")

@case("things.headers-can-be-left-out", points=1, reason="None takes a header away.", auth=("jwt",))
def test_headers(as_user):
    ann = as_user("ann")
    assert ann.get("/things", headers={"authorization": None}).json()["user"] is None

@case("things.wrong-csrf", points=1, reason="A given token wins.", auth=("session",))
def test_csrf(as_user):
    ann = as_user("ann")
    assert ann.post("/things", headers={"x-csrf-token": "wrong"}).status_code == 403
    ann.csrf()
    assert ann.post("/things").status_code == 201

@case("things.raw", points=1, reason="Bytes go through as they are.")
def test_raw(raw):
    assert raw(b"GET /health HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n").startswith(b"HTTP/1.1 200")

@case("things.stops", points=1, reason="Stops.", needs=("process",))
def test_process(server):
    server.terminate()

@case("things.no-database", points=1, reason="Stops the database.", needs=("database",))
def test_database(database):
    database.stop()
"""
NOT_RUN = "not run: needs to start, stop or starve the server"


@pytest.mark.parametrize(
    ("auth", "inapplicable"),
    [
        ("none", {"same-account-twice", "anonymous-is-nobody", "headers-can-be-left-out", "wrong-csrf"}),
        ("jwt", {"wrong-csrf"}),
        ("session", {"headers-can-be-left-out"}),
    ],
)
def test_the_auth_choice_is_found_out(world: World, auth: str, inapplicable: set[str]) -> None:
    world.contract(CASES)
    with world.serving(auth) as url:
        outcome = world.check("--url", f"{url}/", "--idea", "toy", "--json", "--public-url", "https://sho.rt")
    assert outcome.code == 0, outcome.out
    assert outcome.report["score"] == 100
    assert outcome.report["project"] == url
    skipped = {
        name.removeprefix("things."): case for name, case in outcome.cases.items() if case["outcome"] == "skipped"
    }
    assert set(skipped) == inapplicable | {"stops", "no-database"}
    assert skipped["stops"]["reason"] == skipped["no-database"]["reason"] == NOT_RUN
    assert f"(auth: {auth})" in outcome.err


def test_a_scheme_that_is_given_is_believed(world: World) -> None:
    world.contract(CASES)
    with world.serving("none") as url:
        outcome = world.check("--url", url, "--idea", "toy", "--auth", "jwt", "--json", "--only", "things.signs-in")
    assert outcome.code == 1
    assert "could not sign up" in outcome.cases["things.signs-in"]["message"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--url", "http://127.0.0.1:1", "--idea", "toy"), "Nothing that speaks HTTP answers"),
        (("--url", "http://example.com", "--idea", "toy"), "--allow-remote"),
        (("--url", "http://127.0.0.1.example.com", "--idea", "toy"), "--allow-remote"),
        (("--url", "ftp://127.0.0.1", "--idea", "toy"), "not the address of a server"),
        (("--url", "http://127.0.0.1:3000/api", "--idea", "toy"), "Use http://127.0.0.1:3000"),
        (("--url", "http://127.0.0.1:3000", "--idea", "tax"), "'tax' is not an idea"),
        (("--url", "http://127.0.0.1:3000"), "--url needs --idea"),
        (("--idea", "toy"), "--idea goes with --url"),
        ((".", "--url", "http://127.0.0.1:3000", "--idea", "toy"), "do not go together"),
    ],
)
def test_wrong_use_is_exit_code_2(world: World, arguments: tuple[str, ...], says: str) -> None:
    world.contract(CASES)
    outcome = world.check(*arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert says in outcome.err
    assert "Traceback" not in outcome.err
