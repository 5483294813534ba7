"""Sessions in the database."""

from datetime import datetime

from app.auth.account_repository import AccountRepository
from app.auth.user import Session, SignedIn, User
from app.db import Document, Transaction
from app.times import now


class SessionRepository:
    """Reads and writes sessions."""

    def __init__(self, transaction: Transaction) -> None:
        self._sessions = transaction["sessions"]
        self._accounts = AccountRepository(transaction)

    async def begin(self, user: User, session: Session) -> bool:
        """Add a session; False if the user or the password is no more what it was.

        Checking a password takes its time. If it was changed meanwhile, the old one must not
        get in after the change ended all sessions.
        """
        await self._sessions.insert_one(
            {
                "_id": session.id,
                "userId": session.user_id,
                "verifier": session.verifier,
                "expiresAt": session.expires_at,
            }
        )
        # In this order: either the change comes later and ends this session with the others,
        # or it came before and is seen here.
        current = await self._accounts.get(user.id)
        if current and current.password_hash == user.password_hash:
            return True
        await self.end(session.id)
        return False

    async def find(self, session_id: str) -> SignedIn | None:
        """Return a living session and its user."""
        found = await self._sessions.find_one(_living(session_id))
        user = await self._accounts.get(found["userId"]) if found else None
        if found is None or user is None:
            return None
        session = Session(
            id=session_id, user_id=user.id, verifier=found["verifier"], expires_at=found["expiresAt"]
        )
        return SignedIn(user, session)

    async def renew(self, session_id: str, old_verifier: str, verifier: str, expires_at: datetime) -> bool:
        """Replace the verifier and the end, in one step; False if the verifier is no more the old one."""
        result = await self._sessions.update_one(
            {**_living(session_id), "verifier": old_verifier},
            {"$set": {"verifier": verifier, "expiresAt": expires_at}},
        )
        return result.matched_count == 1

    async def end(self, session_id: str) -> None:
        """End a session."""
        await self._sessions.delete_one({"_id": session_id})

    async def end_all(self, user_id: str, *, but: str = "") -> None:
        """End all sessions of a user, or all but one."""
        await self._sessions.delete_many({"userId": user_id, "_id": {"$ne": but}})


def _living(session_id: str) -> Document:
    # The index that expires sessions runs once a minute: the time is checked here, too.
    return {"_id": session_id, "expiresAt": {"$gt": now()}}
