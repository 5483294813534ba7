"""Short words for what the cases of accounts do over and over: mails, their tokens, and who is signed in."""

from __future__ import annotations

import json
import re
import secrets
import time
from typing import Any
from urllib.parse import urlsplit

from people import AUTH, bearer, log_in, person, visitor

VERIFY, RESET, EMAIL = "verify-email", "reset-password", "confirm-email"
ROUTES = {VERIFY: f"{AUTH}/verify-email", RESET: f"{AUTH}/reset-password", EMAIL: f"{AUTH}/email/confirm"}
USERS = "/api/v1/users"
SETTLED = 1.0  # seconds after which a mail that is not there does not come


def link(mail: Any) -> str:
    """The one link of a mail."""
    assert len(mail.links) == 1, f"{len(mail.links)} links in the mail '{mail.subject}': {mail.text}"
    return mail.links[0]


def kind(mail: Any) -> str:
    """What its link is for: the page's name; an empty string for a mail without a link."""
    return urlsplit(link(mail)).path.strip("/") if mail.links else ""


def token(mail: Any) -> str:
    """The token in a mail's link."""
    found = re.fullmatch(r"token=([A-Za-z0-9_-]+)", urlsplit(link(mail)).fragment)
    assert found, f"no #token= at the end of {link(mail)}"
    return found[1]


def use(client: Any, what: str, given: Any, **members: Any) -> Any:
    """The answer to a token that is used for that."""
    return client.post(ROUTES[what], json={"token": given, **members})


def follow(client: Any, mail: Any, **members: Any) -> Any:
    """The answer to the token of a mail, used for what it is for."""
    return use(client, kind(mail), token(mail), **members)


def asked(client: Any, mails: Any, **members: Any) -> tuple[dict[str, Any], Any]:
    """Sign somebody up and go no further: what was sent, and the mail with the link."""
    sent = person(**members)
    before = len(mails.to(sent["email"]))
    response = client.post(f"{AUTH}/signup", json=sent)
    assert response.status_code == 202, f"{response.status_code} {response.text[:300]}"
    return sent, mails.wait(sent["email"], before + 1)[-1]


def forgot(client: Any, mails: Any, email: str) -> Any:
    """Ask for a new password: the mail with the link."""
    before = len(mails.to(email))
    response = client.post(f"{AUTH}/forgot-password", json={"email": email})
    assert response.status_code == 202, f"{response.status_code} {response.text[:300]}"
    return mails.wait(email, before + 1)[-1]


def move(user: Any, email: str) -> Any:
    """The answer to a user who asks for another address."""
    return user.post(f"{AUTH}/email", json={"newEmail": email, "password": user.account.password})


def none_comes(mails: Any, address: str, before: int = 0) -> None:
    """Assert that no further mail comes to an address."""
    time.sleep(SETTLED)
    further = mails.to(address)[before:]
    assert not further, f"{len(further)} mails to {address}: {further[0].subject!r}"


def signed_in(client: Any, email: str, password: str, **options: Any) -> Any:
    """A fresh client that has logged in."""
    someone = visitor(client)
    answer = log_in(someone, email, password, **options)
    assert answer.status_code == 200, f"{answer.status_code} {answer.text[:300]}"
    if someone.auth == "jwt":
        someone.headers.update(bearer(answer.json()["accessToken"]))
    return someone


def identity(user: Any) -> str:
    """A user's id."""
    response = user.get(f"{AUTH}/me")
    assert response.status_code == 200, f"{response.status_code} {response.text[:300]}"
    return response.json()["id"]


def make_admin(project: Any, user: Any, database: str = "") -> Any:
    """Make an account an admin's by the project's command, and return its client."""
    promote(project, user.account.email, database)
    return user


def promote(project: Any, email: str, database: str = "", **env: str) -> None:
    """Run the command ``create-admin``."""
    where = {"DATABASE_URL": database} if database else {}
    attempt = project.run("create-admin", {"ADMIN_EMAIL": email, **where, **env})
    assert attempt.code == 0, f"create-admin: exit code {attempt.code}: {attempt.output[-500:]}"


def set_user(admin: Any, user_id: str, **members: Any) -> Any:
    """The answer to an admin who changes a user."""
    return admin.patch(f"{USERS}/{user_id}", json=members)


def same(one: Any, other: Any) -> None:
    """Assert that two answers cannot be told apart."""
    varying = {"x-request-id", "date", "set-cookie"}
    assert (one.status_code, one.text) == (other.status_code, other.text)
    kept = [{name: value for name, value in answer.headers.items() if name not in varying} for answer in (one, other)]
    assert kept[0] == kept[1]
    assert len(one.headers.get_list("set-cookie")) == len(other.headers.get_list("set-cookie"))


def fastest(send: Any, times: int = 7) -> float:
    """The least of the seconds that something took: what the machine did besides only adds to it."""
    seen = []
    for _ in range(times):
        began = time.perf_counter()
        send()
        seen.append(time.perf_counter() - began)
    return min(seen)


def event_types(user: Any) -> list[str]:
    """The types of one's events, newest first."""
    response = user.get(f"{AUTH}/events", params={"limit": 100})
    assert response.status_code == 200, f"{response.status_code} {response.text[:300]}"
    return [event["type"] for event in response.json()["items"]]


def unknown_tokens(known: str) -> list[str]:
    """Tokens that nobody was sent, some of them close to one that somebody was."""
    flipped = ("A" if known[0] != "A" else "B") + known[1:]
    made_up = (secrets.token_urlsafe(32), secrets.token_hex(32), "x", "null", "' OR '1'='1", "\u00e9" * 20, "")
    return [*made_up, known[:-1], known + "A", flipped, known.swapcase()]


NO_TOKENS = (None, 1, True, {"$gt": ""}, {"$ne": None}, ["x"])


def body(**members: Any) -> bytes:
    """A body as bytes."""
    return json.dumps(members).encode()
