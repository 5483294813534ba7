"""Signing up: the same answer to everybody, and no account before the address is proven."""

from mailed import VERIFY, asked, fastest, follow, identity, kind, none_comes, promote, same, signed_in, token, use
from people import AUTH, log_in, me, new_address, new_password, person, sign_up, visitor
from wire import assert_invalid, assert_problem, json_request, volley

from generator.contract import case

BOTH = ("jwt", "session")


def ask(client, **members):
    """The answer to a sign-up."""
    return client.post(f"{AUTH}/signup", json=person(**members))


@case(
    "signup.answers-202-without-a-body",
    points=1,
    reason="There is nothing yet to describe: the account comes with the proof of the address.",
    auth=BOTH,
)
def test_answer(client, mails):
    someone, email = visitor(client), new_address()
    response = ask(someone, email=email)
    assert response.status_code == 202
    assert response.content == b""
    assert "location" not in response.headers
    assert kind(mails.wait(email)[0]) == VERIFY


@case(
    "signup.unverified-log-in-is-403",
    points=2,
    reason="Who knows the password is told what is missing; nobody else learns that the address is waiting.",
    auth=BOTH,
)
def test_unverified(client, mails):
    someone = visitor(client)
    sent, _ = asked(someone, mails)
    assert_problem(log_in(someone, sent["email"], sent["password"]), 403, "email-not-verified")
    assert_problem(log_in(someone, sent["email"].upper(), sent["password"]), 403, "email-not-verified")
    assert me(someone) == 401
    wrong = log_in(visitor(client), sent["email"], "wrong-password-1")
    same_words = log_in(visitor(client), new_address(), "wrong-password-1")
    assert_problem(wrong, 401)
    assert {**wrong.json(), "instance": 0, "requestId": 0} == {**same_words.json(), "instance": 0, "requestId": 0}


@case(
    "signup.unverified-log-in-is-no-failure",
    points=1,
    reason="The throttle counts wrong passwords: who waits for the mail and tries again has the right one.",
    auth=BOTH,
)
def test_unverified_often(client, mails):
    someone = visitor(client)
    sent, mail = asked(someone, mails)
    for _ in range(7):
        assert_problem(log_in(someone, sent["email"], sent["password"]), 403, "email-not-verified")
    assert follow(someone, mail).status_code == 204
    assert log_in(someone, sent["email"], sent["password"]).status_code == 200


@case(
    "signup.taken-address-answers-the-same",
    points=3,
    reason="A form that says 'taken' lists who has an account.",
    auth=BOTH,
)
def test_taken(client):
    someone = visitor(client)
    sent = sign_up(someone)
    answers = [
        ask(visitor(client)),
        *(ask(visitor(client), email=email) for email in (sent["email"], sent["email"].upper())),
    ]
    assert answers[0].status_code == 202
    same(answers[0], answers[1])
    same(answers[0], answers[2])


@case(
    "signup.taken-address-is-told-by-mail",
    points=2,
    reason="The owner of the mailbox may know, and nobody else: a mail without a link that would change anything.",
    auth=BOTH,
)
def test_taken_mail(client, mails):
    someone = visitor(client)
    sent = sign_up(someone)
    before, new = len(mails.to(sent["email"])), new_password()
    assert ask(visitor(client), email=sent["email"], password=new).status_code == 202
    notice = mails.wait(sent["email"], before + 1)[-1]
    assert kind(notice) == "", f"the notice has a link: {notice.text}"
    assert_problem(log_in(visitor(client), sent["email"], new), 401)
    assert log_in(visitor(client), sent["email"], sent["password"]).status_code == 200


@case(
    "signup.address-is-taken-in-every-form",
    points=2,
    reason="Ann@ and ann@ are one mailbox; letters that fold to them are not another one to get an account with.",
    auth=BOTH,
)
def test_taken_form(client, mails):
    sent = sign_up(visitor(client))
    local, domain = sent["email"].split("@")
    wide = "".join(chr(ord(letter) + 0xFEE0) if letter.isalnum() else letter for letter in local)
    for email in (sent["email"].upper(), sent["email"].title(), f"{wide}@{domain}"):
        before = len(mails.to(sent["email"]))
        response = ask(visitor(client), email=email)
        assert response.status_code in (202, 422), f"{email}: {response.status_code}"
        if response.status_code == 202:
            notice = mails.wait(sent["email"], before + 1)[-1]
            assert kind(notice) == "", f"a second account for {email}: {notice.text}"


@case(
    "signup.newer-one-replaces-an-unverified-one",
    points=3,
    reason="Who signs up first with your address must not own the password of the account that you prove.",
    auth=BOTH,
)
def test_replaced(client, mails):
    attacker, owner = visitor(client), visitor(client)
    first, early = asked(attacker, mails)
    second, late = asked(owner, mails, email=first["email"], name="The owner")
    assert_problem(follow(attacker, early), 410)
    assert follow(owner, late).status_code == 204
    assert_problem(log_in(visitor(client), first["email"], first["password"]), 401)
    answer = signed_in(client, first["email"], second["password"])
    assert answer.get(f"{AUTH}/me").json()["name"] == "The owner"


@case(
    "signup.fifty-at-once-make-one-account",
    points=3,
    reason="A look before the write sees no account fifty times.",
    auth=BOTH,
    race=True,
    needs=("process",),
)
def test_fifty(client, server, mails, project):
    someone, email, password = visitor(client), new_address(), new_password()
    bodies = [person(email=email.upper() if number % 2 else email, password=password) for number in range(50)]
    requests = [json_request("POST", f"{AUTH}/signup", someone, body) for body in bodies]
    answers = volley(server.url, requests, timeout=60)
    assert [status for status, _ in answers] == [202] * 50
    sent = mails.wait(email, 50, within=30)
    opened = [use(someone, VERIFY, token(mail)).status_code for mail in sent if kind(mail) == VERIFY]
    assert opened.count(204) == 1, f"{opened.count(204)} of {len(opened)} links made an account"
    assert set(opened) <= {204, 410}, sorted(set(opened))
    promote(project, email)
    admin = signed_in(client, email, password)
    found = admin.get("/api/v1/users", params={"q": email}).json()["items"]
    assert [user["id"] for user in found] == [identity(admin)]


@case(
    "signup.takes-as-long-for-a-taken-address",
    points=2,
    reason="An answer without the hash's time says that there was nothing to hash.",
    auth=BOTH,
)
def test_time(client):
    someone = visitor(client)
    email = sign_up(someone)["email"]
    new, taken = fastest(lambda: ask(someone)), fastest(lambda: ask(someone, email=email))
    assert 0.4 < taken / new < 2.5, f"new {new * 1000:.0f} ms, taken {taken * 1000:.0f} ms"


@case(
    "signup.name-is-kept-trimmed",
    points=1,
    reason="A name is shown to others: not blank, not a page long, no controls.",
    auth=BOTH,
)
def test_names(client):
    someone = visitor(client)
    for name in ("", "   ", "x" * 101, "a\nb", "a\u0007b", "a\u0085b", None, 1, ["Ann"]):
        assert_invalid(ask(someone, name=name), "name", str(name)[:20])
    sent = sign_up(someone, name="  \u00c5sa \U0001f600 O'Neil  ")
    assert (
        signed_in(client, sent["email"], sent["password"]).get(f"{AUTH}/me").json()["name"]
        == "\u00c5sa \U0001f600 O'Neil"
    )
    assert ask(someone, name="\U0001f600" * 100).status_code == 202


@case(
    "signup.domain-may-have-other-letters",
    points=1,
    reason="Domains in other scripts exist: mail reaches them, and their case matters as little.",
    auth=BOTH,
)
def test_domain_letters(client):
    someone = visitor(client)
    sent = sign_up(someone, email=new_address("m\u00fcnchen.example"))
    other_case = sent["email"].replace("m\u00fcnchen", "M\u00dcNCHEN")
    assert log_in(someone, other_case, sent["password"]).status_code == 200


@case("signup.refused-ones-send-no-mail", points=1, reason="A form that is not valid writes to nobody.", auth=BOTH)
def test_no_mail(client, mails):
    someone, email = visitor(client), new_address()
    assert_invalid(ask(someone, email=email, password="short"), "password")
    assert_invalid(ask(someone, email=email, role="admin"), "role")
    none_comes(mails, email)
