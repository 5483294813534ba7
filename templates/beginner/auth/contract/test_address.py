"""Another address: proven by a mail to the new one, and told to the old one."""

from mailed import EMAIL, VERIFY, asked, follow, forgot, kind, move, none_comes, same, token
from people import AUTH, log_in, me, new_address, new_password, sign_up, visitor
from wire import assert_invalid, assert_problem, json_request, volley

from generator.contract import case

BOTH = ("jwt", "session")


def moving(user, mails):
    """Ask for another address: the address, and the mail to it."""
    email = new_address()
    response = move(user, email)
    assert response.status_code == 202, f"{response.status_code} {response.text[:300]}"
    assert response.content == b""
    return email, mails.wait(email)[-1]


@case(
    "address.moves-when-it-is-confirmed",
    points=3,
    reason="A typing error must not lock anybody out: until the proof the old one holds.",
    auth=BOTH,
)
def test_moves(as_user, client, mails):
    ann = as_user("ann")
    old, password = ann.account.email, ann.account.password
    email, mail = moving(ann, mails)
    assert kind(mail) == EMAIL
    assert ann.get(f"{AUTH}/me").json()["email"] == old
    assert_problem(log_in(visitor(client), email, password), 401)
    assert follow(visitor(client), mail).status_code == 204
    assert ann.get(f"{AUTH}/me").json()["email"] == email, "the session that asked goes on"
    assert_problem(log_in(visitor(client), old, password), 401)
    assert log_in(visitor(client), email.upper(), password).status_code == 200


@case(
    "address.needs-the-password",
    points=2,
    reason="An unlocked screen must not be enough to take an account.",
    auth=BOTH,
)
def test_password(as_user, mails):
    ann, email = as_user("ann"), new_address()
    body = {"newEmail": email, "password": "wrong-password-1"}
    assert_problem(ann.post(f"{AUTH}/email", json=body), 403, "wrong-password")
    assert_invalid(ann.post(f"{AUTH}/email", json={"newEmail": email}), "password")
    assert_invalid(ann.post(f"{AUTH}/email", json={**body, "userId": "x"}), "userId")
    none_comes(mails, email)
    assert me(ann) == 200


@case(
    "address.old-one-gets-a-notice",
    points=2,
    reason="Who loses an account to a thief hears of it while help is possible.",
    auth=BOTH,
)
def test_notice(as_user, client, mails):
    ann = as_user("ann")
    before = len(mails.to(ann.account.email))
    _, mail = moving(ann, mails)
    assert follow(visitor(client), mail).status_code == 204
    notice = mails.wait(ann.account.email, before + 1)[-1]
    assert kind(notice) == "", f"the notice has a link: {notice.text}"


@case(
    "address.taken-one-answers-the-same",
    points=3,
    reason="Else every user can list who else has an account.",
    auth=BOTH,
)
def test_taken(as_user, client, mails):
    ann, other = as_user("ann"), sign_up(visitor(client))
    before = len(mails.to(other["email"]))
    answers = [move(ann, email) for email in (new_address(), other["email"].upper(), ann.account.email)]
    assert answers[0].status_code == 202
    same(answers[0], answers[1])
    same(answers[0], answers[2])
    notice = mails.wait(other["email"], before + 1)[-1]
    assert kind(notice) == "", f"a link that would take an address that is taken: {notice.text}"


@case("address.token-works-once", points=1, reason="A link in an old mail must not move the account back.", auth=BOTH)
def test_once(as_user, client, mails):
    ann = as_user("ann")
    _, mail = moving(ann, mails)
    assert follow(visitor(client), mail).status_code == 204
    assert_problem(follow(visitor(client), mail), 410)


@case(
    "address.newer-request-replaces-the-first",
    points=1,
    reason="What one has thought better of must not happen later.",
    auth=BOTH,
)
def test_newer(as_user, client, mails):
    ann = as_user("ann")
    (_, first), (email, second) = moving(ann, mails), moving(ann, mails)
    assert_problem(follow(visitor(client), first), 410)
    assert follow(visitor(client), second).status_code == 204
    assert ann.get(f"{AUTH}/me").json()["email"] == email


@case(
    "address.taken-meanwhile-is-409",
    points=2,
    reason="The rule of one account for one address holds at the moment of the change.",
    auth=BOTH,
)
def test_meanwhile(as_user, client, mails):
    ann = as_user("ann")
    email, mail = moving(ann, mails)
    _, proof = asked(visitor(client), mails, email=email)
    assert kind(proof) == VERIFY
    assert follow(visitor(client), proof).status_code == 204
    assert_problem(follow(visitor(client), mail), 409)
    assert ann.get(f"{AUTH}/me").json()["email"] == ann.account.email


@case(
    "address.two-for-one-at-once-have-one-winner",
    points=2,
    reason="Uniqueness is the database's: looking first makes two accounts of one address.",
    auth=BOTH,
    race=True,
)
def test_race(as_user, client, server, mails):
    ann, bob, email = as_user("ann"), as_user("bob"), new_address()
    assert move(ann, email).status_code == move(bob, email).status_code == 202
    found, stranger = mails.wait(email, 2), visitor(client)
    requests = [json_request("POST", f"{AUTH}/email/confirm", stranger, {"token": token(mail)}) for mail in found]
    answers = volley(server.url, requests)
    assert sorted(status for status, _ in answers) == [204, 409]
    assert sorted(user.get(f"{AUTH}/me").json()["email"] == email for user in (ann, bob)) == [False, True]


@case(
    "address.change-ends-links-to-the-old-one",
    points=2,
    reason="Who reads the old mailbox must not set the password of an account that has left it.",
    auth=BOTH,
)
def test_reset_links(as_user, client, mails):
    ann = as_user("ann")
    reset = forgot(visitor(client), mails, ann.account.email)
    _, mail = moving(ann, mails)
    assert follow(visitor(client), mail).status_code == 204
    assert_problem(follow(visitor(client), reset, newPassword=new_password()), 410)


@case("address.bad-ones-are-422", points=1, reason="An account that no mail can reach cannot be recovered.", auth=BOTH)
def test_addresses(as_user):
    ann = as_user("ann")
    for email in ("", "ann", "ann@", "a\r\nBcc: x@example.com", "ann@" + "x" * 250 + ".com", None, 1, {"$gt": ""}):
        assert_invalid(move(ann, email), "newEmail", str(email)[:30])
