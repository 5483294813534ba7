"""Short words for the account routes, said plainly so that a case can leave any part out."""

from __future__ import annotations

import base64
import json
import secrets
from typing import Any

AUTH = "/api/v1/auth"


def new_address(domain: str = "example.com") -> str:
    """An address that nobody has signed up with, with letters to turn upper-case."""
    return f"someone.{secrets.token_hex(6)}@{domain}"


def new_password() -> str:
    """A password no dictionary has."""
    return secrets.token_urlsafe(12)


def visitor(client: Any, address: str | None = None) -> Any:
    """A stranger who holds a CSRF token where the project wants one."""
    stranger = client(address)
    stranger.csrf()
    return stranger


def person(**members: Any) -> dict[str, Any]:
    """A body that sign-up accepts, with these members in place of its own."""
    return {"email": new_address(), "password": new_password(), "name": "Someone", **members}


def sign_up(client: Any, **members: Any) -> dict[str, Any]:
    """Sign somebody up, until there is an account, and return what was sent."""
    sent = person(**members)
    client.target.newcomer(client, sent, client.post(f"{AUTH}/signup", json=sent))
    return sent


def user_members(openapi: dict[str, Any]) -> set[str]:
    """The members of a user, which an idea may add to."""
    return set(openapi["x-contract"].get("user", ("id", "email", "name", "createdAt")))


def log_in(client: Any, email: str, password: str, **options: Any) -> Any:
    """The answer to a log-in."""
    return client.post(f"{AUTH}/login", json={"email": email, "password": password}, **options)


def bearer(token: str) -> dict[str, str]:
    """The header that carries an access token."""
    return {"Authorization": f"Bearer {token}"}


def me(client: Any, **options: Any) -> int:
    """The status of GET /auth/me: 200 signed in, 401 not."""
    return client.get(f"{AUTH}/me", **options).status_code


def decoded(part: str) -> Any:
    """One part of a JSON Web Token, without looking at its signature (RFC 7515)."""
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def parts(token: str) -> tuple[Any, Any]:
    """Header and claims of a JSON Web Token."""
    header, claims, _ = token.split(".")
    return decoded(header), decoded(claims)
