"""Users and their sessions in the database."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from app.auth.models import User, UserSession
from app.auth.schemas import email_key
from app.database import Db
from app.schemas import now


async def create_user(db: Db, email: str, name: str, password_hash: str) -> User | None:
    """Return a new user, None if the address already has an account."""
    user = User(email=email, email_key=email_key(email), name=name, password_hash=password_hash)
    db.add(user)
    try:
        await db.commit()
    except IntegrityError:
        await db.rollback()
        return None
    return user


async def find_user(db: Db, email: str) -> User | None:
    user = await db.scalar(select(User).where(User.email_key == email_key(email)))
    await db.commit()  # no transaction stays open, and no connection taken, while a password is checked
    return user


async def release(db: Db) -> None:
    """End the transaction. The connection can be used by others while this request waits for something."""
    await db.commit()


async def create_session(db: Db, user: User, secret: str, expires_at: datetime) -> UserSession | None:
    """Return a new session, None if the password was changed after it was checked.

    Such a change ends all sessions, and the old password must not begin a new one after that. The lock makes
    a change wait that comes at the same time, and then it ends this session, too.
    """
    same = (User.id == user.id, User.password_hash == user.password_hash)
    # An update that changes nothing is a lock in SQLite, too, which has no SELECT ... FOR UPDATE.
    lock = update(User).where(*same).values(password_hash=User.password_hash).returning(User.id)
    if await db.scalar(lock) is None:
        return None
    # What others have locked is skipped: two requests that wait for each other's rows would never end.
    expired = select(UserSession.id).where(UserSession.expires_at <= now()).with_for_update(skip_locked=True)
    await db.execute(delete(UserSession).where(UserSession.id.in_(expired)))
    user_session = UserSession(user_id=user.id, secret=secret, expires_at=expires_at)
    db.add(user_session)
    await db.commit()
    return user_session


async def find_session(db: Db, session_id: UUID) -> UserSession | None:
    found = await db.get(UserSession, session_id)
    return found if found and found.expires_at > now() else None


async def replace_secret(db: Db, session_id: UUID, old: str, new: str, expires_at: datetime) -> bool:
    """Replace the secret of a session; False if it is not the old one any more."""
    # One conditional update: of two uses at the same time only one finds the old secret.
    current = (UserSession.id == session_id, UserSession.secret == old, UserSession.expires_at > now())
    change = update(UserSession).where(*current).values(secret=new, expires_at=expires_at)
    replaced = await db.scalar(change.returning(UserSession.id))
    await db.commit()
    return replaced is not None


async def delete_session(db: Db, session_id: UUID) -> None:
    await db.execute(delete(UserSession).where(UserSession.id == session_id))
    await db.commit()


async def change_password(db: Db, current: UserSession, new_hash: str) -> bool:
    """Change the password and end all other sessions; False if it was changed meanwhile."""
    user = current.user
    same = (User.id == user.id, User.password_hash == user.password_hash)
    change = update(User).where(*same).values(password_hash=new_hash).returning(User.id)
    if await db.scalar(change) is None:
        return False
    others = (UserSession.user_id == user.id, UserSession.id != current.id)
    await db.execute(delete(UserSession).where(*others))
    await db.commit()
    return True


async def delete_user(db: Db, user: User) -> None:
    """Delete a user; by the foreign key, all sessions go along."""
    await db.execute(delete(User).where(User.id == user.id))
    await db.commit()
