"""Signing in, whichever way a project does."""

from __future__ import annotations

import re
import secrets

from generator.contract.client import Account, Target, User


class Accounts:
    """The accounts of one case: one per name and database.

    Asking again for a name logs in again: the same account, a session of its own.
    """

    def __init__(self) -> None:
        self._accounts: dict[tuple[str, str], Account] = {}
        self._open: list[User] = []

    def user(self, target: Target, name: str) -> User:
        """A signed-in client of that server.

        Raises:
            AssertionError: the project refused the sign-up or the log-in.
        """
        key = (target.database, name)
        known = key in self._accounts
        account = self._accounts.setdefault(key, _new_account(name))
        user = User(target, account)
        self._open.append(user)
        if target.auth == "none":
            return user
        user.csrf()
        if not known:
            try:
                _sign_up(user)
            except BaseException:
                del self._accounts[key]
                raise
        sign_in(user)
        return user

    def close(self) -> None:
        """Close every client it gave out."""
        for user in self._open:
            user.close()


def sign_in(user: User) -> None:
    """Log in with the client's account and keep what the answer gave: bearer token or cookies.

    Raises:
        AssertionError: the answer is not a 200 with what the auth choice promises.
    """
    account = user.account
    user.headers.pop("Authorization", None)
    answer = user.post("/api/v1/auth/login", json={"email": account.email, "password": account.password})
    assert answer.status_code == 200, f"{account.name} could not log in: {user.target.journal.last}"
    if user.auth == "jwt":
        tokens = answer.json()
        assert isinstance(tokens, dict), f"no accessToken: {user.target.journal.last}"
        assert "accessToken" in tokens, f"no accessToken: {user.target.journal.last}"
        account.tokens = tokens
        user.headers["Authorization"] = f"Bearer {tokens['accessToken']}"


def _sign_up(user: User) -> None:
    account = user.account
    body = {"email": account.email, "password": account.password, "name": account.name}
    answer = user.post("/api/v1/auth/signup", json=body)
    assert answer.status_code == 201, f"{account.name} could not sign up: {user.target.journal.last}"


def _new_account(name: str) -> Account:
    local = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "user"
    return Account(f"{local}.{secrets.token_hex(5)}@example.com", secrets.token_urlsafe(15), name)
