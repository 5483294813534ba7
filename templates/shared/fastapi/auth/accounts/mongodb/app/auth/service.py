"""Users and their sessions in the database."""

from datetime import datetime
from uuid import UUID

from pymongo.errors import DuplicateKeyError

from app.auth.models import User, UserSession
from app.auth.schemas import email_key
from app.database import Db
from app.schemas import now


async def create_user(db: Db, email: str, name: str, password_hash: str) -> User | None:
    """Return a new user, None if the address already has an account."""
    user = User(email=email, email_key=email_key(email), name=name, password_hash=password_hash)
    try:
        await db.users.insert_one(user.to_document())
    except DuplicateKeyError:
        return None
    return user


async def find_user(db: Db, email: str) -> User | None:
    found = await db.users.find_one({"email_key": email_key(email)})
    return User.model_validate(found) if found else None


async def release(_: Db) -> None:
    """Do nothing: between two commands MongoDB's client holds no connection."""


async def create_session(db: Db, user: User, secret: str, expires_at: datetime) -> UserSession | None:
    """Return a new session, None if the password was changed after it was checked.

    Such a change ends all sessions, and the old password must not begin a new one after that. So the session
    is written first and the password compared then: either the change comes later and ends this session with
    the others, or it came before and is seen here.
    """
    session = UserSession(user_id=user.id, secret=secret, expires_at=expires_at, user=user)
    await db.sessions.insert_one(session.to_document())
    if await db.users.find_one({"_id": user.id, "password_hash": user.password_hash}):
        return session
    await delete_session(db, session.id)
    return None


async def find_session(db: Db, session_id: UUID) -> UserSession | None:
    # The index that expires sessions runs once a minute, so the time is compared here, too.
    session = await db.sessions.find_one({"_id": session_id, "expires_at": {"$gt": now()}})
    user = await db.users.find_one({"_id": session["user_id"]}) if session else None
    return UserSession.model_validate({**session, "user": user}) if session and user else None


async def replace_secret(db: Db, session_id: UUID, old: str, new: str, expires_at: datetime) -> bool:
    """Replace the secret of a session; False if it is not the old one any more."""
    # One conditional update: of two uses at the same time only one finds the old secret.
    current = {"_id": session_id, "secret": old, "expires_at": {"$gt": now()}}
    result = await db.sessions.update_one(current, {"$set": {"secret": new, "expires_at": expires_at}})
    return result.matched_count == 1


async def delete_session(db: Db, session_id: UUID) -> None:
    await db.sessions.delete_one({"_id": session_id})


async def change_password(db: Db, current: UserSession, new_hash: str) -> bool:
    """Change the password and end all other sessions; False if it was changed meanwhile."""
    same = {"_id": current.user_id, "password_hash": current.user.password_hash}
    result = await db.users.update_one(same, {"$set": {"password_hash": new_hash}})
    if result.matched_count == 0:
        return False
    await db.sessions.delete_many({"user_id": current.user_id, "_id": {"$ne": current.id}})
    return True


async def delete_user(db: Db, user: User) -> None:
    await db.sessions.delete_many({"user_id": user.id})
    await db.users.delete_one({"_id": user.id})
