"""Proving an address: with a token that works once, and only for that."""

import base64
import secrets

from mailed import (
    EMAIL,
    NO_TOKENS,
    RESET,
    VERIFY,
    asked,
    follow,
    forgot,
    link,
    none_comes,
    same,
    signed_in,
    token,
    unknown_tokens,
    use,
)
from people import AUTH, log_in, me, new_address, new_password, sign_up, visitor
from wire import assert_invalid, assert_problem, json_request, media_type, volley

from generator.contract import case

BOTH = ("jwt", "session")


def resend(client, email):
    """The answer to who asks for another mail."""
    return client.post(f"{AUTH}/verify-email/resend", json={"email": email})


@case(
    "verify.opens-the-account", points=2, reason="From now on the password lets in, as a user and no more.", auth=BOTH
)
def test_opens(client, mails):
    someone = visitor(client)
    sent, mail = asked(someone, mails)
    response = follow(someone, mail)
    assert response.status_code == 204
    assert response.content == b""
    user = signed_in(client, sent["email"], sent["password"]).get(f"{AUTH}/me").json()
    assert (user["email"], user["role"], user["active"]) == (sent["email"], "user", True)


@case("verify.does-not-sign-in", points=1, reason="Who reads the mail need not know the password.", auth=BOTH)
def test_not_signed_in(client, mails):
    someone = visitor(client)
    _, mail = asked(someone, mails)
    assert follow(someone, mail).status_code == 204
    assert me(someone) == 401


@case("verify.token-works-once", points=2, reason="A link in an old mail must not be a key for ever.", auth=BOTH)
def test_once(client, mails):
    someone = visitor(client)
    _, mail = asked(someone, mails)
    assert follow(someone, mail).status_code == 204
    assert_problem(follow(someone, mail), 410)


@case(
    "verify.two-uses-at-once-have-one-winner",
    points=2,
    reason="Looking first and deleting later lets both through.",
    auth=BOTH,
    race=True,
)
def test_race(client, server, mails):
    someone = visitor(client)
    sent, mail = asked(someone, mails)
    request = json_request("POST", f"{AUTH}/verify-email", someone, {"token": token(mail)})
    answers = volley(server.url, [request] * 8)
    assert sorted(status for status, _ in answers) == [204] + [410] * 7
    assert log_in(someone, sent["email"], sent["password"]).status_code == 200


@case(
    "verify.unknown-tokens-are-410",
    points=1,
    reason="Used, expired or made up: one answer, which tells nothing.",
    auth=BOTH,
)
def test_unknown(client, mails):
    someone = visitor(client)
    _, mail = asked(someone, mails)
    for made_up in unknown_tokens(token(mail)):
        response = use(someone, VERIFY, made_up)
        assert response.status_code in (410, 422), f"{made_up[:20]!r}: {response.status_code}"
    assert_problem(use(someone, VERIFY, secrets.token_urlsafe(32)), 410)
    for value in NO_TOKENS:
        assert_invalid(use(someone, VERIFY, value), "token", value)
    assert_invalid(someone.post(f"{AUTH}/verify-email", json={}), "token")
    assert_invalid(use(someone, VERIFY, token(mail), role="admin"), "role")
    assert follow(someone, mail).status_code == 204, "what was made up ended a good token"


@case(
    "verify.tokens-are-for-one-thing",
    points=2,
    reason="A link that proves an address must not set a password.",
    auth=BOTH,
)
def test_kinds(client, mails):
    someone = visitor(client)
    sent = sign_up(someone)
    _, unproven = asked(someone, mails)
    reset = forgot(someone, mails, sent["email"])
    assert_problem(use(someone, RESET, token(unproven), newPassword=new_password()), 410)
    assert_problem(use(someone, EMAIL, token(unproven)), 410)
    assert_problem(use(someone, VERIFY, token(reset)), 410)
    assert_problem(use(someone, EMAIL, token(reset)), 410)
    assert follow(someone, unproven).status_code == 204
    assert follow(someone, reset, newPassword=new_password()).status_code == 204


@case(
    "verify.tokens-cannot-be-guessed",
    points=2,
    reason="256 random bits: no two alike, and none that follows from another.",
    auth=BOTH,
)
def test_bits(client, mails):
    someone = visitor(client)
    found = [token(asked(someone, mails)[1]) for _ in range(3)]
    assert len(set(found)) == 3
    for one in found:
        assert len(one) >= 43, f"{len(one)} characters are less than 256 bits"
        assert len(set(one)) > 15, "it repeats itself"
    assert len({one[:10] for one in found}) == 3, "they begin alike"


@case(
    "verify.tokens-are-hashed-at-rest",
    points=3,
    reason="Who reads a backup must not be able to use what is under way.",
    auth=BOTH,
    needs=("process", "contents"),
)
def test_hashed(client, mails, contents):
    someone = visitor(client)
    sent, mail = asked(someone, mails)
    known = sign_up(someone)
    reset = forgot(someone, mails, known["email"])
    assert contents.holding(sent["email"]), "the sign-up is not found in the database"
    for one in (token(mail), token(reset)):
        raw = base64.urlsafe_b64decode(one + "=" * (-len(one) % 4))
        assert not contents.holding(one, raw.hex()), "a mailed token is in the database"


@case(
    "verify.link-opens-a-page-and-changes-nothing",
    points=2,
    reason="Mail scanners fetch every link: only the button on the page may use the token.",
    auth=BOTH,
)
def test_page(client, mails):
    someone = visitor(client)
    _, mail = asked(someone, mails)
    path = link(mail).split("#")[0]
    for response in (someone.get(path), someone.head(path)):
        assert response.status_code == 200, response.text[:200]
        assert media_type(response) == "text/html"
    assert "<form" in someone.get(path).text, "there is no form on the page"
    assert follow(someone, mail).status_code == 204


@case(
    "verify.resent-link-replaces-the-first",
    points=2,
    reason="One link is enough; each more is one more to lose.",
    auth=BOTH,
)
def test_resend(client, mails):
    someone = visitor(client)
    sent, first = asked(someone, mails)
    response = resend(someone, sent["email"].upper())
    assert response.status_code == 202
    assert response.content == b""
    second = mails.wait(sent["email"], 2)[-1]
    assert token(second) != token(first)
    assert_problem(follow(someone, first), 410)
    assert follow(someone, second).status_code == 204
    assert log_in(someone, sent["email"], sent["password"]).status_code == 200


@case(
    "verify.resend-tells-nothing",
    points=2,
    reason="Asking for a mail must not list who waits or has an account.",
    auth=BOTH,
)
def test_resend_same(client, mails):
    waiting, _ = asked(visitor(client), mails)
    known, unknown = sign_up(visitor(client)), new_address()
    before = len(mails.to(known["email"]))
    answers = [resend(visitor(client), email) for email in (waiting["email"], known["email"], unknown)]
    assert answers[0].status_code == 202
    same(answers[0], answers[1])
    same(answers[0], answers[2])
    mails.wait(waiting["email"], 2)
    none_comes(mails, unknown)
    assert len(mails.to(known["email"])) == before, "a mail to an address that is proven already"
    for email in ("ann", "", None, {"$gt": ""}):
        assert_invalid(resend(visitor(client), email), "email", email)


@case(
    "verify.life-is-a-setting-that-is-checked",
    points=1,
    reason="A typing error must not make a token live for ever, or not at all.",
    auth=BOTH,
    needs=("process",),
)
def test_settings(boot_refused):
    for name in ("VERIFY_TOKEN_HOURS", "RESET_TOKEN_MINUTES"):
        for value in ("0", "-1", "soon", "1.5.2"):
            code, output = boot_refused({name: value})
            assert code == 1, f"{name}={value}: exit code {code}: {output[-500:]}"
            assert name in output, f"{name}={value}: {output[-500:]}"
