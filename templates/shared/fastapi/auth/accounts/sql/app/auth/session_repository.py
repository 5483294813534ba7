"""Sessions in the database."""

from dataclasses import asdict, fields
from datetime import datetime

from sqlalchemy import delete, select, update

from app.auth.account_repository import to_user
from app.auth.models import SessionRow, UserRow
from app.auth.user import Session, SignedIn, User
from app.db import Transaction
from app.times import now


class SessionRepository:
    """Reads and writes sessions, within a transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._session = transaction

    async def begin(self, user: User, session: Session) -> bool:
        """Add a session; False if the user or the password is no more what it was.

        Checking a password takes its time, outside of any transaction. If it was changed
        meanwhile, the old one must not get in after the change ended all sessions.
        """
        # Locked, so that a change waits for this transaction, and then ends this session, too.
        same = (UserRow.id == user.id, UserRow.password_hash == user.password_hash)
        if await self._session.scalar(select(UserRow.id).where(*same).with_for_update()) is None:
            return False
        # A good moment to clear away those that have expired.
        await self._session.execute(delete(SessionRow).where(SessionRow.expires_at <= now()))
        self._session.add(SessionRow(**asdict(session)))
        return True

    async def find(self, session_id: str) -> SignedIn | None:
        """Return a living session and its user."""
        statement = (
            select(SessionRow, UserRow)
            .join(UserRow, UserRow.id == SessionRow.user_id)
            .where(SessionRow.id == session_id, SessionRow.expires_at > now())
        )
        row = (await self._session.execute(statement)).first()
        if row is None:
            return None
        session = Session(**{field.name: getattr(row[0], field.name) for field in fields(Session)})
        return SignedIn(to_user(row[1]), session)

    async def renew(self, session_id: str, old_verifier: str, verifier: str, expires_at: datetime) -> bool:
        """Replace the verifier and the end, in one step; False if the verifier is no more the old one."""
        statement = (
            update(SessionRow)
            .where(
                SessionRow.id == session_id,
                SessionRow.verifier == old_verifier,
                SessionRow.expires_at > now(),
            )
            .values(verifier=verifier, expires_at=expires_at)
            .returning(SessionRow.id)
        )
        return await self._session.scalar(statement) is not None

    async def end(self, session_id: str) -> None:
        """End a session."""
        await self._session.execute(delete(SessionRow).where(SessionRow.id == session_id))

    async def end_all(self, user_id: str, *, but: str = "") -> None:
        """End all sessions of a user, or all but one."""
        await self._session.execute(
            delete(SessionRow).where(SessionRow.user_id == user_id, SessionRow.id != but)
        )
