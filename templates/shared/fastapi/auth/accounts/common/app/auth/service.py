"""What can be done with accounts."""

from collections.abc import Sequence

from app.account_hooks import AccountHook
from app.auth.account_repository import AccountRepository
from app.auth.guards import CHALLENGE
from app.auth.passwords import hash_password, verify_password
from app.auth.schemas import SignUp, address_key
from app.auth.session_repository import SessionRepository
from app.auth.user import Session, SignedIn, User
from app.cache import Cache
from app.db import Database
from app.errors import ProblemError
from app.ids import new_id
from app.times import now

_WRONG_LOGIN = "The address or the password is wrong."


class AccountService:
    """The use cases, each with its transaction."""

    def __init__(self, database: Database, cache: Cache, hooks: Sequence[AccountHook]) -> None:
        self._database = database
        self._cache = cache
        self._hooks = hooks

    async def sign_up(self, wanted: SignUp) -> User:
        """Make an account.

        Raises:
            ProblemError: 409 if the address has one.
        """
        password_hash = await hash_password(wanted.password)
        user = User(
            id=new_id(),
            email=wanted.email,
            name=wanted.name,
            password_hash=password_hash,
            created_at=now(),
        )
        async with self._database.writing() as transaction:
            if not await AccountRepository(transaction).add(user):
                raise ProblemError(409, "This address has an account.")
        return user

    async def check(self, email: str, password: str) -> User:
        """Return whose address and password these are.

        Raises:
            ProblemError: 401, in the same words and time for an unknown address and a wrong password.
        """
        async with self._database.reading() as transaction:
            user = await AccountRepository(transaction).find(address_key(email))
        if not await verify_password(user.password_hash if user else None, password) or user is None:
            raise ProblemError(401, _WRONG_LOGIN, headers=CHALLENGE)
        return user

    async def begin_session(self, user: User, session: Session) -> None:
        """Keep a new session of a user who was just checked."""
        async with self._database.writing() as transaction:
            if not await SessionRepository(transaction).begin(user, session):
                raise ProblemError(401, _WRONG_LOGIN, headers=CHALLENGE)

    async def end_session(self, session_id: str) -> None:
        """End a session, at once."""
        async with self._database.writing() as transaction:
            await SessionRepository(transaction).end(session_id)

    async def change_password(self, who: SignedIn, current: str, new: str) -> None:
        """Change a password, and end all sessions but this one."""
        await self._confirm(who.user, current)
        new_hash = await hash_password(new)
        async with self._database.writing() as transaction:
            accounts = AccountRepository(transaction)
            if not await accounts.change_password(who.user.id, who.user.password_hash, new_hash):
                raise ProblemError(409, "The password was changed at the same time.")
            await SessionRepository(transaction).end_all(who.user.id, but=who.session.id)

    async def delete(self, user: User, password: str) -> None:
        """Delete an account, its sessions, and what the features keep for it."""
        await self._confirm(user, password)
        async with self._database.writing() as transaction:
            after = [await hook(transaction, user.id) for hook in self._hooks]
            await SessionRepository(transaction).end_all(user.id)
            await AccountRepository(transaction).delete(user.id)
        for after_commit in after:
            await after_commit(self._cache)

    @staticmethod
    async def _confirm(user: User, password: str) -> None:
        if not await verify_password(user.password_hash, password):
            raise ProblemError(403, "The current password is wrong.", kind="wrong-password")
