"""Accounts, for every choice of auth that has them: sign-up, log-in, throttle, log-out, password, deletion."""

import secrets
import time

from people import AUTH, bearer, log_in, me, new_address, new_password, person, sign_up, user_members, visitor
from wire import assert_invalid, assert_members, assert_problem, eventually, instant, json_request, volley

from generator.contract import case

BOTH = ("jwt", "session")
COMMON = (
    "password",
    "12345678",
    "123456789",
    "qwertyuiop",
    "iloveyou",
    "sunshine",
    "football",
    "PASSWORD",
    "Password",
    "password1",
)


@case(
    "auth.none.has-no-account-routes",
    points=1,
    reason="A project without accounts offers none to attack.",
    auth=("none",),
)
def test_no_routes(api):
    for method, route in (
        ("POST", "signup"),
        ("POST", "login"),
        ("POST", "logout"),
        ("POST", "refresh"),
        ("GET", "me"),
        ("DELETE", "me"),
        ("POST", "password"),
        ("GET", "csrf"),
    ):
        assert_problem(
            api.request(method, f"{AUTH}/{route}", json={} if method == "POST" else None), 404, what=f"{method} {route}"
        )


@case(
    "auth.none.everyone-is-the-local-user",
    points=1,
    reason="Single-user mode: one user owns all, from any browser.",
    auth=("none",),
)
def test_local_user(client, openapi):
    from wire import sample_of

    sample = sample_of(openapi)
    item = sample.make(client())
    assert client(headers={"Authorization": "Bearer nonsense"}).get(sample.path(item)).status_code == 200
    assert client(headers={"Cookie": "session=nonsense"}).get(sample.path(item)).json() == item


@case(
    "auth.signup.answers-the-user",
    points=1,
    reason="The answer is the user, never the password or its hash.",
    auth=BOTH,
    signup="open",
)
def test_signup(client):
    sent = person(name="Ann B. Contract")
    response = visitor(client).post(f"{AUTH}/signup", json=sent)
    assert response.status_code == 201
    user = response.json()
    assert_members(user, {"id", "email", "name", "createdAt"})
    assert isinstance(user["id"], str)
    assert user["id"]
    assert (user["email"], user["name"]) == (sent["email"], sent["name"])
    instant(user["createdAt"])
    assert "location" not in response.headers


@case(
    "auth.signup.does-not-sign-in",
    points=1,
    reason="Later, an address is verified first: nothing may rely on more.",
    auth=BOTH,
    signup="open",
)
def test_not_signed_in(client):
    someone = visitor(client)
    response = someone.post(f"{AUTH}/signup", json=person())
    assert response.status_code == 201
    assert "accessToken" not in response.text
    assert me(someone) == 401


@case("auth.signup.taken-address-is-409", points=1, reason="One address, one account.", auth=BOTH, signup="open")
def test_taken(client):
    someone = visitor(client)
    sent = sign_up(someone)
    assert_problem(someone.post(f"{AUTH}/signup", json=person(email=sent["email"])), 409)
    assert log_in(someone, sent["email"], sent["password"]).status_code == 200


@case(
    "auth.signup.address-is-taken-in-any-case",
    points=2,
    reason="Ann@ and ann@ are one mailbox: two accounts take over each other.",
    auth=BOTH,
    signup="open",
)
def test_taken_case(client):
    someone = visitor(client)
    sent = sign_up(someone)
    for email in (sent["email"].upper(), sent["email"].title(), sent["email"].replace("example", "EXAMPLE")):
        assert_problem(someone.post(f"{AUTH}/signup", json=person(email=email)), 409, what=email)


@case(
    "auth.signup.address-is-taken-in-any-form",
    points=2,
    reason="Full-width letters that fold to ann are ann (NFKC).",
    auth=BOTH,
    signup="open",
)
def test_taken_form(client):
    someone = visitor(client)
    sent = sign_up(someone)
    local, domain = sent["email"].split("@")
    wide = "".join(chr(ord(letter) + 0xFEE0) if letter.isalnum() else letter for letter in local)
    for email in (f"{wide}@{domain}", f"{wide.upper()}@{domain}", local.replace("s", "\u017f") + f"@{domain}"):
        response = someone.post(f"{AUTH}/signup", json=person(email=email))
        assert response.status_code in (409, 422), f"{email}: {response.status_code}"


@case(
    "auth.signup.domain-may-have-other-letters",
    points=1,
    reason="Domains in other scripts exist, and their case matters as little.",
    auth=BOTH,
    signup="open",
)
def test_domain_letters(client):
    someone = visitor(client)
    sent = sign_up(someone, email=new_address("m\u00fcnchen.example"))
    other_case = sent["email"].replace("m\u00fcnchen", "M\u00dcNCHEN")
    assert_problem(someone.post(f"{AUTH}/signup", json=person(email=other_case)), 409, what=other_case)
    assert log_in(someone, other_case, sent["password"]).status_code == 200


@case(
    "auth.signup.race-for-one-address",
    points=2,
    race=True,
    reason="Uniqueness is the database's: looking first makes two accounts.",
    auth=BOTH,
    signup="open",
)
def test_race(client, server):
    someone = visitor(client)
    email = new_address()
    bodies = [person(email=email.upper() if number % 2 else email) for number in range(8)]
    answers = volley(server.url, [json_request("POST", f"{AUTH}/signup", someone, body) for body in bodies])
    assert sorted(status for status, _ in answers) == [201] + [409] * 7


@case("auth.signup.common-passwords-are-422", points=1, reason="They are the first that anyone tries.", auth=BOTH)
def test_common(client):
    someone = visitor(client)
    for password in COMMON:
        assert_invalid(someone.post(f"{AUTH}/signup", json=person(password=password)), "password", password)


@case(
    "auth.signup.password-is-8-to-128-characters",
    points=1,
    reason="Short ones are guessed; endless ones keep the hash busy.",
    auth=BOTH,
)
def test_password_length(client):
    someone = visitor(client)
    for password in ("", "x7$kQ2z", "\u00e9\U0001f600x7$kQ", "x7$kQ2z!" * 16 + "y", "x" * 100_000):
        assert_invalid(someone.post(f"{AUTH}/signup", json=person(password=password)), "password", password[:20])
    for password in (
        "x7$kQ2z!",
        "x7$kQ2z!" * 16,
        "\U0001f600\U0001f40d\U0001f511\U0001f9ea\U0001f680\U0001f30d\U0001f3b2\U0001f4d0",
        " x7$kQ2z ",
    ):
        sent = sign_up(someone, password=password)
        assert log_in(someone, sent["email"], password).status_code == 200, (
            f"{password[:20]!r} was accepted, but does not open"
        )


@case(
    "auth.signup.password-is-kept-whole",
    points=2,
    reason="Hashes that stop at 72 bytes or at a blank open to half a password.",
    auth=BOTH,
)
def test_password_whole(client):
    someone = visitor(client)
    password = "x7$kQ2z!" * 15 + "abcdefgh"
    sent = sign_up(someone, password=password)
    for wrong in (password[:72], password[:-1], password.upper()):
        assert_problem(log_in(visitor(client), sent["email"], wrong), 401, what=wrong[-10:])


@case(
    "auth.signup.bad-addresses-are-422",
    points=1,
    reason="An account that no mail can reach cannot be recovered.",
    auth=BOTH,
)
def test_addresses(client):
    someone = visitor(client)
    for email in (
        "",
        "ann",
        "ann@",
        "@example.com",
        "ann@@example.com",
        "ann b@example.com",
        "ann@exam ple.com",
        "ann@example.com\n",
        "Ann <ann@example.com>",
        "ann@example.com,bob@example.com",
        "1,ann@example.com",
        "ann<bob@example.com>",
        "a\r\nBcc: x@example.com",
        "ann@" + "x" * 250 + ".com",
        "a" * 300 + "@example.com",
        " ",
        None,
        1,
        True,
        ["ann@example.com"],
        {"$gt": ""},
    ):
        assert_invalid(someone.post(f"{AUTH}/signup", json=person(email=email)), "email", str(email)[:40])


@case(
    "auth.signup.name-is-1-to-100-characters",
    points=1,
    reason="A name is shown to others: not blank, not a page long, no controls.",
    auth=BOTH,
    signup="open",
)
def test_names(client):
    someone = visitor(client)
    for name in ("", "   ", "x" * 101, "a\nb", "a\u0007b", "a\u0085b", None, 1, ["Ann"]):
        assert_invalid(someone.post(f"{AUTH}/signup", json=person(name=name)), "name", str(name)[:20])
    response = someone.post(f"{AUTH}/signup", json=person(name="  \u00c5sa \U0001f600 O'Neil  "))
    assert response.status_code == 201
    assert response.json()["name"] == "\u00c5sa \U0001f600 O'Neil"
    assert someone.post(f"{AUTH}/signup", json=person(name="\U0001f600" * 100)).status_code == 201


@case("auth.signup.needs-its-three-members", points=1, reason="What is missing is named.", auth=BOTH)
def test_missing(client):
    someone = visitor(client)
    for name in ("email", "password", "name"):
        body = person()
        del body[name]
        assert_invalid(someone.post(f"{AUTH}/signup", json=body), name, name)


@case("auth.signup.grants-nothing-on-request", points=2, reason="No one becomes an admin by asking to.", auth=BOTH)
def test_grants(client):
    someone = visitor(client)
    for name, value in (
        ("role", "admin"),
        ("isAdmin", True),
        ("id", "1"),
        ("active", True),
        ("createdAt", "2020-01-01T00:00:00Z"),
        ("passwordHash", "x"),
    ):
        assert_invalid(someone.post(f"{AUTH}/signup", json=person(**{name: value})), name, name)


@case(
    "auth.login.operators-are-422",
    points=2,
    reason='{"$gt": ""} as a password matches every account of a careless look-up.',
    auth=BOTH,
)
def test_operators(client):
    someone = visitor(client)
    sent = sign_up(someone)
    for value in ({"$gt": ""}, {"$ne": None}, [sent["password"]], 1, None, True):
        assert_invalid(log_in(someone, sent["email"], value), "password", value)
        assert_invalid(log_in(someone, value, sent["password"]), "email", value)


@case("auth.login.wrong-password-is-401", points=1, reason="Only the whole right password opens an account.", auth=BOTH)
def test_wrong(client):
    someone = visitor(client)
    sent = sign_up(someone)
    response = log_in(someone, sent["email"], sent["password"] + "x")
    assert_problem(response, 401)
    assert me(someone) == 401


@case(
    "auth.login.takes-the-address-as-it-was-given",
    points=1,
    reason="Sign-up may store a domain in another form: who types the same again must be found.",
    auth=BOTH,
    signup="open",
)
def test_given_form(client):
    someone = visitor(client)
    for domain in ("xn--mnchen-3ya.example", "XN--MNCHEN-3YA.example", "m\u00fcnchen.example", "mu\u0308nchen.example"):
        sent = person(email=new_address(domain))
        response = someone.post(f"{AUTH}/signup", json=sent)
        assert response.status_code in (201, 422), f"{domain}: {response.status_code}"
        if response.status_code == 201:
            assert log_in(someone, sent["email"], sent["password"]).status_code == 200, domain


@case(
    "auth.login.takes-the-address-in-any-case", points=1, reason="Telephones write the first letter large.", auth=BOTH
)
def test_case(client):
    someone = visitor(client)
    sent = sign_up(someone)
    assert log_in(someone, sent["email"].upper(), sent["password"]).status_code == 200


@case(
    "auth.login.unknown-address-looks-the-same",
    points=2,
    reason="Words or headers that differ list who has an account.",
    auth=BOTH,
)
def test_same_words(client):
    sent = sign_up(visitor(client))
    known, unknown = (log_in(visitor(client), email, "wrong-password-1") for email in (sent["email"], new_address()))
    assert_problem(known, 401)
    assert_problem(unknown, 401)
    assert {**known.json(), "instance": 0, "requestId": 0} == {**unknown.json(), "instance": 0, "requestId": 0}
    varying = {"x-request-id", "date", "content-length", "set-cookie"}
    assert {name: value for name, value in known.headers.items() if name not in varying} == {
        name: value for name, value in unknown.headers.items() if name not in varying
    }
    assert len(known.headers.get_list("set-cookie")) == len(unknown.headers.get_list("set-cookie"))


@case(
    "auth.login.unknown-address-takes-as-long",
    points=2,
    reason="An answer without the hash's time lists who has an account.",
    auth=BOTH,
)
def test_same_time(client):
    someone = visitor(client)
    addresses = [sign_up(someone)["email"] for _ in range(5)]
    times = {True: [], False: []}

    def ratio():
        return min(times[False]) / min(times[True])

    # Other work can only make an answer late, so the earliest of several tells what the server does. On a busy machine
    # a few more turns are needed until both have met a quiet moment; a hash that is left out stays left out.
    for turn in range(20):
        for known in (True, False):
            email = addresses[turn % 5] if known else new_address()
            stranger = visitor(client)
            began = time.perf_counter()
            assert log_in(stranger, email, "wrong-password-1").status_code == 401
            times[known].append(time.perf_counter() - began)
        if turn >= 7 and 0.5 < ratio() < 2:
            break
    shown = {name: f"{min(times[known]) * 1000:.0f} ms" for name, known in (("known", True), ("unknown", False))}
    assert 0.5 < ratio() < 2, shown


@case("auth.me.answers-the-user", points=1, reason="Who am I: the same user as at sign-up.", auth=BOTH)
def test_me(as_user, openapi):
    ann = as_user("ann")
    response = ann.get(f"{AUTH}/me")
    assert response.status_code == 200
    user = response.json()
    assert_members(user, user_members(openapi))
    assert (user["email"], user["name"]) == (ann.account.email, ann.account.name)


@case("auth.me.is-401-for-strangers", points=1, reason="Not signed in is 401, with a problem document.", auth=BOTH)
def test_me_stranger(client):
    assert_problem(client().get(f"{AUTH}/me"), 401)
    stranger = visitor(client)
    assert_problem(stranger.post(f"{AUTH}/password", json={"currentPassword": "x", "newPassword": new_password()}), 401)
    assert_problem(stranger.request("DELETE", f"{AUTH}/me", json={"password": "x"}), 401)


@case(
    "auth.answers-are-not-stored", points=1, reason="Tokens in a proxy's or a browser's cache are anyone's.", auth=BOTH
)
def test_no_store(client, as_user, auth):
    ann, stranger = as_user("ann"), visitor(client)
    answers = [
        ann.get(f"{AUTH}/me"),
        stranger.get(f"{AUTH}/me"),
        stranger.post(f"{AUTH}/signup", json=person()),
        stranger.post(f"{AUTH}/signup", json={}),
        log_in(stranger, new_address(), "wrong-password-1"),
        log_in(stranger, ann.account.email, ann.account.password),
    ]
    if auth == "session":
        answers.append(ann.get(f"{AUTH}/csrf"))
    else:
        answers.append(stranger.post(f"{AUTH}/refresh", json={"refreshToken": ann.account.tokens["refreshToken"]}))
    answers.append(ann.post(f"{AUTH}/logout"))
    for answer in answers:
        assert "no-store" in answer.headers.get("cache-control", ""), (
            f"{answer.request.method} {answer.request.url.path}: {answer.headers.get('cache-control')}"
        )


@case("auth.logout.ends-access-at-once", points=2, reason="On a shared computer, later is too late.", auth=BOTH)
def test_logout(as_user):
    ann = as_user("ann")
    cookies = dict(ann.cookies)
    response = ann.post(f"{AUTH}/logout")
    assert response.status_code == 204
    assert response.content == b""
    assert me(ann) == 401
    assert me(ann, cookies=cookies) == 401, "the old cookie still opens the account"


@case(
    "auth.logout.ends-that-session-alone",
    points=1,
    reason="Signing out of the library must not sign out at home.",
    auth=BOTH,
)
def test_logout_other(as_user):
    library, home = as_user("ann"), as_user("ann")
    assert library.post(f"{AUTH}/logout").status_code == 204
    assert me(home) == 200


@case("auth.logout.needs-a-session", points=1, reason="There is nothing to end for a stranger.", auth=BOTH)
def test_logout_stranger(client):
    assert_problem(visitor(client).post(f"{AUTH}/logout"), 401)


@case("auth.password.changes", points=1, reason="The new one opens, the old one no longer does.", auth=BOTH)
def test_change(as_user, client):
    ann = as_user("ann")
    old, new = ann.account.password, new_password()
    response = ann.post(f"{AUTH}/password", json={"currentPassword": old, "newPassword": new})
    assert response.status_code == 204
    assert response.content == b""
    assert_problem(log_in(visitor(client), ann.account.email, old), 401)
    assert log_in(visitor(client), ann.account.email, new).status_code == 200


@case(
    "auth.password.change-ends-other-sessions",
    points=2,
    reason="It is changed because someone else may be signed in.",
    auth=BOTH,
)
def test_change_sessions(as_user, client, auth):
    ann, thief = as_user("ann"), as_user("ann")
    stolen = dict(thief.account.tokens)
    kept = ann.headers.get("Authorization")
    assert me(thief) == me(ann) == 200
    response = ann.post(
        f"{AUTH}/password", json={"currentPassword": ann.account.password, "newPassword": new_password()}
    )
    assert response.status_code == 204
    assert me(thief) == 401
    if auth == "jwt":
        assert_problem(client().post(f"{AUTH}/refresh", json={"refreshToken": stolen["refreshToken"]}), 401)
        assert ann.headers.get("Authorization") == kept
    assert me(ann) == 200, "the session that changed it goes on"


@case(
    "auth.password.wrong-current-is-403",
    points=2,
    reason="An unlocked screen must not be enough to take an account.",
    auth=BOTH,
)
def test_change_wrong(as_user, client):
    ann, new = as_user("ann"), new_password()
    assert_problem(
        ann.post(f"{AUTH}/password", json={"currentPassword": "wrong-password-1", "newPassword": new}),
        403,
        "wrong-password",
    )
    assert_problem(log_in(visitor(client), ann.account.email, new), 401)
    assert log_in(visitor(client), ann.account.email, ann.account.password).status_code == 200


@case(
    "auth.password.wrong-current-is-no-failed-log-in",
    points=1,
    reason="The throttle counts log-ins: who is signed in and mistypes must not be shut out.",
    auth=BOTH,
)
def test_change_wrong_often(as_user, client):
    ann, new = as_user("ann"), new_password()
    for _ in range(7):
        wrong = ann.post(f"{AUTH}/password", json={"currentPassword": "wrong-password-1", "newPassword": new})
        assert_problem(wrong, 403, "wrong-password")
    right = ann.post(f"{AUTH}/password", json={"currentPassword": ann.account.password, "newPassword": new})
    assert right.status_code == 204, "the right password after seven wrong ones"
    same_place = visitor(client, ann.address)
    assert log_in(same_place, ann.account.email, new).status_code == 200


@case("auth.password.rules-hold-for-changes", points=1, reason="A weak password is as weak later.", auth=BOTH)
def test_change_rules(as_user):
    ann = as_user("ann")
    for new in ("short", "password", "PASSWORD", "x" * 129, None, 12345678, {"$gt": ""}):
        response = ann.post(f"{AUTH}/password", json={"currentPassword": ann.account.password, "newPassword": new})
        assert_invalid(response, "newPassword", str(new)[:20])
    assert_invalid(ann.post(f"{AUTH}/password", json={"newPassword": new_password()}), "currentPassword")


@case(
    "auth.delete.ends-the-account",
    points=2,
    reason="Deleted means that nothing opens it any more, on any device.",
    auth=BOTH,
)
def test_delete(as_user, client, auth):
    ann, other = as_user("ann"), as_user("ann")
    tokens = dict(other.account.tokens)
    response = ann.request("DELETE", f"{AUTH}/me", json={"password": ann.account.password})
    assert response.status_code == 204
    assert response.content == b""
    assert me(ann) == me(other) == 401
    if auth == "jwt":
        assert_problem(client().post(f"{AUTH}/refresh", json={"refreshToken": tokens["refreshToken"]}), 401)
    assert_problem(log_in(visitor(client), ann.account.email, ann.account.password), 401)


@case(
    "auth.delete.erases-the-account",
    points=2,
    reason="Address, name and password hash are personal data: deleted means no longer in the database.",
    auth=BOTH,
    needs=("process", "contents"),
)
def test_erased(client, contents, auth):
    someone, name = visitor(client), f"Name {secrets.token_hex(6)}"
    sent = sign_up(someone, name=name)
    answer = log_in(someone, sent["email"], sent["password"])
    assert answer.status_code == 200, answer.text
    if auth == "jwt":
        someone.headers.update(bearer(answer.json()["accessToken"]))
    someone.csrf()
    identifier = someone.get(f"{AUTH}/me").json()["id"]
    marks = (sent["email"], name, identifier, identifier.replace("-", ""))
    assert contents.holding(sent["email"]), "the account is not found in the database"
    response = someone.request("DELETE", f"{AUTH}/me", json={"password": sent["password"]})
    assert response.status_code == 204, response.text
    assert eventually(lambda: not contents.holding(*marks), within=2.0), (
        f"2 s after the deletion the database holds {contents.holding(*marks)[0][:300]}"
    )


@case(
    "auth.signup.password-is-hashed-by-argon2id",
    points=2,
    reason="A database that leaks must not give the passwords away: Argon2id makes each guess slow.",
    auth=BOTH,
    needs=("process", "contents"),
)
def test_hash(client, contents):
    sent = sign_up(visitor(client))
    assert contents.holding(sent["email"]), "the account is not found in the database"
    assert contents.holding("$argon2id$"), "no hash of Argon2id is in the database"
    assert not contents.holding(sent["password"]), "the password itself is in the database"


@case("auth.delete.needs-the-password", points=2, reason="What cannot be undone is asked for twice.", auth=BOTH)
def test_delete_wrong(as_user):
    ann = as_user("ann")
    assert_problem(ann.request("DELETE", f"{AUTH}/me", json={"password": "wrong-password-1"}), 403, "wrong-password")
    assert_invalid(ann.request("DELETE", f"{AUTH}/me", json={}), "password")
    assert_problem(ann.request("DELETE", f"{AUTH}/me"), 400)
    assert me(ann) == 200


@case(
    "auth.delete.leaves-others-alone",
    points=1,
    reason="One account's end is nobody else's.",
    auth=BOTH,
    needs=("users",),
)
def test_delete_others(as_user):
    ann, bob = as_user("ann"), as_user("bob")
    assert ann.request("DELETE", f"{AUTH}/me", json={"password": ann.account.password}).status_code == 204
    assert me(bob) == 200


@case(
    "auth.bodies.reject-unknown-members",
    points=1,
    reason="A misspelt currentPassword must be named, not taken for a missing one.",
    auth=BOTH,
)
def test_unknown_members(as_user, client, auth):
    ann, stranger = as_user("ann"), visitor(client)
    passwords = {"currentPassword": ann.account.password, "newPassword": new_password()}
    account = {"email": ann.account.email, "password": ann.account.password}
    assert_invalid(stranger.post(f"{AUTH}/login", json={**account, "role": "admin"}), "role")
    assert_invalid(ann.post(f"{AUTH}/password", json={**passwords, "userId": "x"}), "userId")
    assert_invalid(ann.request("DELETE", f"{AUTH}/me", json={"password": ann.account.password, "id": "x"}), "id")
    if auth == "jwt":
        body = {"refreshToken": ann.account.tokens["refreshToken"], "scope": "all"}
        assert_invalid(stranger.post(f"{AUTH}/refresh", json=body), "scope")
    assert me(ann) == 200
