"""A forgotten password: a mail to the owner, the same answer to all others."""

import secrets
import time

from mailed import NO_TOKENS, RESET, asked, fastest, follow, forgot, kind, none_comes, same, token, unknown_tokens, use
from people import AUTH, log_in, me, new_address, new_password, sign_up, visitor
from wire import assert_invalid, assert_problem, json_request, volley

from generator.contract import case

BOTH = ("jwt", "session")


def ask(client, email):
    """The answer to who forgot a password."""
    return client.post(f"{AUTH}/forgot-password", json={"email": email})


@case("recover.sets-a-new-password", points=2, reason="The new one opens, the old one no longer does.", auth=BOTH)
def test_reset(client, mails):
    someone = visitor(client)
    sent, new = sign_up(someone), new_password()
    mail = forgot(someone, mails, sent["email"].upper())
    assert kind(mail) == RESET
    response = follow(someone, mail, newPassword=new)
    assert response.status_code == 204
    assert response.content == b""
    assert me(someone) == 401, "a reset signs in"
    assert_problem(log_in(visitor(client), sent["email"], sent["password"]), 401)
    assert log_in(visitor(client), sent["email"], new).status_code == 200


@case("recover.ends-every-session", points=3, reason="It is reset because someone else may be signed in.", auth=BOTH)
def test_sessions(as_user, client, mails, auth):
    ann, thief = as_user("ann"), as_user("ann")
    assert me(ann) == me(thief) == 200
    stranger = visitor(client)
    mail = forgot(stranger, mails, ann.account.email)
    assert follow(stranger, mail, newPassword=new_password()).status_code == 204
    assert me(ann) == me(thief) == 401
    if auth == "jwt":
        body = {"refreshToken": thief.account.tokens["refreshToken"]}
        assert_problem(stranger.post(f"{AUTH}/refresh", json=body), 401)


@case("recover.token-works-once", points=2, reason="Whoever finds the mail later must not be let in by it.", auth=BOTH)
def test_once(client, mails):
    someone = visitor(client)
    sent, new = sign_up(someone), new_password()
    mail = forgot(someone, mails, sent["email"])
    assert follow(someone, mail, newPassword=new).status_code == 204
    assert_problem(follow(someone, mail, newPassword=new_password()), 410)
    assert log_in(someone, sent["email"], new).status_code == 200


@case(
    "recover.two-uses-at-once-have-one-winner",
    points=2,
    reason="Of two passwords set at once one counts, and it is the one that was accepted.",
    auth=BOTH,
    race=True,
)
def test_race(client, server, mails):
    someone = visitor(client)
    sent = sign_up(someone)
    mail, passwords = forgot(someone, mails, sent["email"]), [new_password() for _ in range(6)]
    bodies = [{"token": token(mail), "newPassword": password} for password in passwords]
    answers = volley(server.url, [json_request("POST", f"{AUTH}/reset-password", someone, body) for body in bodies])
    statuses = [status for status, _ in answers]
    assert sorted(statuses) == [204] + [410] * 5
    winner = passwords[statuses.index(204)]
    assert log_in(visitor(client), sent["email"], winner).status_code == 200, (
        "another password than the accepted one counts"
    )


@case(
    "recover.forgot-answers-the-same", points=3, reason="'We know no such address' lists who has an account.", auth=BOTH
)
def test_same(client, mails):
    known, unknown = sign_up(visitor(client)), new_address()
    waiting, _ = asked(visitor(client), mails)
    answers = [ask(visitor(client), email) for email in (known["email"], unknown, waiting["email"])]
    assert answers[0].status_code == 202
    assert answers[0].content == b""
    same(answers[0], answers[1])
    same(answers[0], answers[2])
    mails.wait(known["email"], 2)
    none_comes(mails, unknown)
    assert len(mails.to(waiting["email"])) == 1, "a new password for an address that is not proven"


@case(
    "recover.forgot-takes-as-long",
    points=2,
    reason="An answer that is faster for unknown addresses lists the others.",
    auth=BOTH,
)
def test_time(client):
    someone = visitor(client)
    email = sign_up(someone)["email"]
    known, unknown = fastest(lambda: ask(someone, email)), fastest(lambda: ask(someone, new_address()))
    assert abs(known - unknown) < 0.05, f"known {known * 1000:.0f} ms, unknown {unknown * 1000:.0f} ms"


@case(
    "recover.weak-password-keeps-the-token", points=1, reason="A second attempt must not need a second mail.", auth=BOTH
)
def test_weak(client, mails):
    someone = visitor(client)
    sent = sign_up(someone)
    mail = forgot(someone, mails, sent["email"])
    for weak in ("short", "password", "x" * 129, None, {"$gt": ""}):
        assert_invalid(follow(someone, mail, newPassword=weak), "newPassword", str(weak)[:20])
    assert follow(someone, mail, newPassword=new_password()).status_code == 204


@case(
    "recover.one-use-ends-all-links",
    points=2,
    reason="Who asked twice has two links, and one of them stays behind.",
    auth=BOTH,
)
def test_all_links(client, mails):
    someone = visitor(client)
    sent = sign_up(someone)
    first, second = (forgot(someone, mails, sent["email"]) for _ in range(2))
    assert follow(someone, second, newPassword=new_password()).status_code == 204
    assert_problem(follow(someone, first, newPassword=new_password()), 410)


@case(
    "recover.password-change-ends-links",
    points=2,
    reason="Who changes the password shuts out whoever has the old mail.",
    auth=BOTH,
)
def test_change(as_user, client, mails):
    ann, new = as_user("ann"), new_password()
    mail = forgot(visitor(client), mails, ann.account.email)
    change = {"currentPassword": ann.account.password, "newPassword": new}
    assert ann.post(f"{AUTH}/password", json=change).status_code == 204
    assert_problem(follow(visitor(client), mail, newPassword=new_password()), 410)
    assert log_in(visitor(client), ann.account.email, new).status_code == 200


@case(
    "recover.unknown-tokens-are-410",
    points=1,
    reason="Used, expired or made up: one answer, which tells nothing.",
    auth=BOTH,
)
def test_unknown(client, mails):
    someone = visitor(client)
    sent, new = sign_up(someone), new_password()
    mail = forgot(someone, mails, sent["email"])
    for made_up in unknown_tokens(token(mail)):
        response = use(someone, RESET, made_up, newPassword=new)
        assert response.status_code in (410, 422), f"{made_up[:20]!r}: {response.status_code}"
    assert_problem(use(someone, RESET, secrets.token_urlsafe(32), newPassword=new), 410)
    for value in NO_TOKENS:
        assert_invalid(use(someone, RESET, value, newPassword=new), "token", value)
    assert_invalid(follow(someone, mail, newPassword=new, email="x"), "email")
    assert follow(someone, mail, newPassword=new).status_code == 204, "what was made up ended a good token"


@case(
    "recover.bad-addresses-are-422", points=1, reason="A typing error is said at once, and not by silence.", auth=BOTH
)
def test_addresses(client):
    someone = visitor(client)
    for email in ("", "ann", "ann@", "a@b@example.com", "ann@example.com\n", None, 1, ["a@example.com"], {"$gt": ""}):
        assert_invalid(ask(someone, email), "email", str(email)[:30])


@case(
    "recover.token-expires",
    points=2,
    reason="A link that is found in a mailbox next year must open nothing.",
    auth=BOTH,
    needs=("process",),
    waits=62,
)
def test_expires(variant, mails):
    server = variant({"RESET_TOKEN_MINUTES": "1"})
    someone = visitor(server.client)
    sent = sign_up(someone)
    mail = forgot(someone, mails, sent["email"])
    time.sleep(61.5)
    assert_problem(follow(someone, mail, newPassword=new_password()), 410)
    assert log_in(someone, sent["email"], sent["password"]).status_code == 200
