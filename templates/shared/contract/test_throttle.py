"""Guessing passwords: slowed down for the guesser, never for the owner."""

import secrets
import time

from people import AUTH, log_in, new_address, sign_up, visitor
from wire import assert_problem, json_request, volley

from generator.contract import case

BOTH = ("jwt", "session")
WRONG = "wrong-password-1"


def fail(client, email, times):
    """So many failed log-ins, none of them throttled."""
    for number in range(times):
        response = log_in(client, email, WRONG)
        assert response.status_code == 401, f"failure {number + 1} was answered {response.status_code}"


def shut_out(client):
    """A client that has failed five times for its own address, and knows the right password: client, account."""
    guesser = visitor(client)
    account = sign_up(guesser)
    fail(guesser, account["email"], 5)
    return guesser, account


@case(
    "auth.throttle.sixth-guess-is-429",
    points=2,
    reason="Five mistakes a minute are human; a thousand are a dictionary.",
    auth=BOTH,
)
def test_sixth(client):
    guesser, account = shut_out(client)
    assert_problem(log_in(guesser, account["email"], WRONG), 429)
    assert_problem(log_in(guesser, account["email"], account["password"]), 429, what="the right password")


@case(
    "auth.throttle.unknown-address-is-throttled-alike",
    points=2,
    reason="A limit for known addresses alone lists who has an account.",
    auth=BOTH,
)
def test_unknown(client):
    guesser = visitor(client)
    email = new_address()
    fail(guesser, email, 5)
    assert_problem(log_in(guesser, email, WRONG), 429)


@case(
    "auth.throttle.address-counts-in-any-case",
    points=1,
    reason="Else five guesses become five for every way of writing it.",
    auth=BOTH,
)
def test_case(client):
    guesser = visitor(client)
    account = sign_up(guesser)
    for email in (
        account["email"],
        account["email"].upper(),
        account["email"].title(),
        account["email"].swapcase(),
        account["email"].capitalize(),
    ):
        assert log_in(guesser, email, WRONG).status_code == 401
    assert_problem(log_in(guesser, account["email"], WRONG), 429)


@case(
    "auth.throttle.leaves-the-owner-alone",
    points=3,
    reason="Or anyone locks anyone out by failing in their name.",
    auth=BOTH,
)
def test_owner(client):
    guesser, account = shut_out(client)
    assert_problem(log_in(guesser, account["email"], WRONG), 429)
    owner = visitor(client)
    assert log_in(owner, account["email"], account["password"]).status_code == 200


@case(
    "auth.throttle.many-guessers-leave-the-owner-alone",
    points=2,
    reason="However many clients fail in the owner's name, the owner's own client is not shut out.",
    auth=BOTH,
)
def test_many_guessers(client):
    account = sign_up(visitor(client))
    for _ in range(4):
        fail(visitor(client), account["email"], 5)
    assert log_in(visitor(client), account["email"], account["password"]).status_code == 200


@case(
    "auth.throttle.leaves-other-addresses-alone",
    points=1,
    reason="One forgotten password must not lock a whole office out.",
    auth=BOTH,
)
def test_other_address(client):
    guesser, _ = shut_out(client)
    colleague = sign_up(guesser)
    assert log_in(guesser, colleague["email"], colleague["password"]).status_code == 200


@case(
    "auth.throttle.twenty-guesses-shut-the-client-out",
    points=2,
    reason="Four guesses at each of a million addresses are guessing, too.",
    auth=BOTH,
)
def test_spray(client):
    guesser = visitor(client)
    account = sign_up(guesser)
    for _ in range(5):
        fail(guesser, new_address(), 4)
    assert_problem(log_in(guesser, new_address(), WRONG), 429)
    assert_problem(
        log_in(guesser, account["email"], account["password"]), 429, what="the right password, never failed before"
    )
    assert log_in(visitor(client), account["email"], account["password"]).status_code == 200, "another client"


@case(
    "auth.throttle.guesses-at-once-are-counted",
    points=2,
    race=True,
    reason="Fifteen guesses sent together must not all see that none has failed yet.",
    auth=BOTH,
)
def test_at_once(client, server):
    guesser = visitor(client)
    body = {"email": sign_up(guesser)["email"], "password": WRONG}
    answers = volley(server.url, [json_request("POST", f"{AUTH}/login", guesser, body)] * 15)
    assert sorted(status for status, _ in answers) == [401] * 5 + [429] * 10


@case(
    "auth.throttle.believes-proxies-from-the-right",
    points=2,
    auth=BOTH,
    needs=("process",),
    reason="All but the last entry of X-Forwarded-For is the client's own fiction.",
)
def test_forwarded(client):
    guesser = visitor(client)
    email = new_address()
    for number in range(6):
        forwarded = {"X-Forwarded-For": f"198.51.100.{number}, 127.0.0.9, {guesser.address}, 127.0.0.7"}
        response = log_in(guesser, email, WRONG, headers=forwarded)
        assert response.status_code == (429 if number == 5 else 401), f"guess {number + 1}: {response.status_code}"


def guesses(client, email, addresses):
    """The statuses of wrong log-ins, one from each of these X-Forwarded-For entries."""
    guesser = visitor(client)
    return [log_in(guesser, email, WRONG, headers={"X-Forwarded-For": address}).status_code for address in addresses]


@case(
    "auth.throttle.port-is-no-part-of-the-client",
    points=2,
    auth=BOTH,
    needs=("process",),
    reason="Some proxies add the port, which is another one for each connection: 203.0.113.8:40001.",
)
def test_port(client):
    account, other = sign_up(visitor(client)), new_address()
    mine, group = client().address, secrets.randbelow(0xFFFF)
    for email, host in ((account["email"], mine), (other, f"[2001:db8:{group:x}:1::1]")):
        seen = guesses(client, email, [f"{host}:{40001 + number}" for number in range(6)])
        assert seen == [401] * 5 + [429], f"six guesses from ports of {host}: {seen}"
    response = log_in(
        visitor(client),
        account["email"],
        account["password"],
        headers={"X-Forwarded-For": f"{client().address}:40001"},
    )
    assert response.status_code == 200, "clients whose entries have a port are taken for one"


@case(
    "auth.throttle.ipv6-clients-count-by-64",
    points=2,
    auth=BOTH,
    needs=("process",),
    reason="One IPv6 customer has a whole /64: 2^64 addresses to guess from.",
)
def test_ipv6(client):
    account, group = sign_up(visitor(client)), secrets.randbelow(0xFFFF)
    addresses = [f"2001:db8:{group:x}:2:{number}::{number}" for number in range(6)]
    seen = guesses(client, account["email"], addresses)
    assert seen == [401] * 5 + [429], f"six guesses from one /64: {seen}"
    neighbour = {"X-Forwarded-For": f"2001:db8:{group:x}:3::1"}
    response = log_in(visitor(client), account["email"], account["password"], headers=neighbour)
    assert response.status_code == 200, "another /64 is another client"


@case(
    "auth.throttle.ends-after-the-minute",
    points=2,
    reason="A limit that does not end is a lock.",
    auth=BOTH,
    waits=61,
)
def test_ends(client):
    guesser, account = shut_out(client)
    began = time.monotonic()
    assert_problem(log_in(guesser, account["email"], account["password"]), 429, what="within the minute")
    time.sleep(max(0.0, began + 61 - time.monotonic()))
    response = log_in(visitor(client, guesser.address), account["email"], account["password"])
    assert response.status_code == 200, (
        f"{time.monotonic() - began:.0f} s after the fifth failure: {response.status_code} {response.text}"
    )
