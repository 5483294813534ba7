"""Signing in, whichever way a project does."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, replace
from typing import Any

from generator.contract.client import Account, Target, User
from generator.contract.cookies import CookieJar


@dataclass(frozen=True)
class _SignedIn:
    """A log-in to be used again by later cases: what its client sends."""

    account: Account
    headers: dict[str, Any]
    cookies: CookieJar

    @classmethod
    def of(cls, user: User) -> _SignedIn:
        return cls(replace(user.account), dict(user.headers), user.cookies.copy())

    def use(self, target: Target) -> User:
        user = User(target, replace(self.account))
        user.headers.update({name: value for name, value in self.headers.items() if name == "Authorization"})
        user.cookies = self.cookies.copy()
        return user


class Common:
    """Log-ins that cases share: signing up and in costs two slow hashes, for most cases as much as all the rest.

    A case that holds for a project without accounts, where there is one user for all, may share its users.
    """

    def __init__(self) -> None:
        self._users: dict[tuple[str, str], _SignedIn] = {}
        self._accounts: dict[tuple[str, str], Account] = {}

    def find(self, target: Target, name: str) -> User | None:
        """A client that is signed in on that server by that name, if an earlier case has signed in."""
        known = self._users.get((target.url, name))
        return known.use(target) if known else None

    def account(self, target: Target, name: str) -> Account | None:
        """The account of that name in that server's database, if an earlier case has made it, on whichever server."""
        account = self._accounts.get((target.database, name))
        return replace(account) if account else None

    def keep(self, user: User, name: str) -> None:
        """Let later cases use this log-in."""
        self._users[user.target.url, name] = _SignedIn.of(user)
        self._accounts[user.target.database, name] = replace(user.account)

    def forget(self) -> None:
        """Sign in anew from now on, for instance after a case that failed."""
        self._users.clear()
        self._accounts.clear()


class Accounts:
    """The accounts of one case: one per name and database.

    Asking again for a name logs in again: the same account, a session of its own.

    Args:
        common: where log-ins that cases share are kept; None for a case that shares none.
    """

    def __init__(self, common: Common | None = None) -> None:
        self._common = common
        self._accounts: dict[tuple[str, str], Account] = {}
        self._open: list[User] = []

    def user(self, target: Target, name: str, *, own: bool = False) -> User:
        """A signed-in client of that server.

        Args:
            own: whether the account must be this case's alone, to be changed or ended by it.

        Raises:
            AssertionError: the project refused the sign-up or the log-in.
        """
        common = None if own or target.auth == "none" else self._common
        user = common.find(target, name) if common else None
        if user is None:
            account = common.account(target, name) if common else None
            if account:
                self._accounts.setdefault((target.database, name), account)
            user = self._sign_in(target, name)
            if common:
                common.keep(user, name)
        else:
            self._open.append(user)
        return user

    def _sign_in(self, target: Target, name: str) -> User:
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
    user.target.newcomer(user, body, answer)


def _new_account(name: str) -> Account:
    local = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "user"
    return Account(f"{local}.{secrets.token_hex(5)}@example.com", secrets.token_urlsafe(15), name)
