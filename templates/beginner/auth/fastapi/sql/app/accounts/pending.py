"""Sign-ups whose address is not proven yet. There is no account before.

Of one address there is one: a newer sign-up replaces the one before. If the first one stayed, somebody could
sign up with your address, wait until you do, and own the password of the account that you prove.
"""

from datetime import datetime

from sqlalchemy import delete, select, update

from app.accounts.models import PendingUser
from app.auth.models import User
from app.auth.schemas import SignUp, email_key
from app.auth.service import create_user
from app.database import Db
from app.engine import insert
from app.schemas import now


async def save_pending(
    db: Db, data: SignUp, password_hash: str, token_hash: str, expires_at: datetime
) -> None:
    # What others have locked is skipped: two requests that wait for each other's rows would never end.
    expired = select(PendingUser.email_key).where(PendingUser.expires_at <= now())
    locked = expired.with_for_update(skip_locked=True)
    await db.execute(delete(PendingUser).where(PendingUser.email_key.in_(locked)))
    values = {
        "email_key": email_key(data.email),
        "email": data.email,
        "name": data.name,
        "password_hash": password_hash,
        "token_hash": token_hash,
        "expires_at": expires_at,
    }
    # One statement: of fifty sign-ups at once, each replaces the one before it.
    saved = insert(PendingUser).values(values)
    await db.execute(saved.on_conflict_do_update(index_elements=[PendingUser.email_key], set_=values))
    await db.commit()


async def find_pending(db: Db, email: str) -> PendingUser | None:
    same = (PendingUser.email_key == email_key(email), PendingUser.expires_at > now())
    pending: PendingUser | None = await db.scalar(select(PendingUser).where(*same))
    await db.commit()  # no transaction stays open while a password is checked
    return pending


async def renew_token(db: Db, email: str, token_hash: str, expires_at: datetime) -> str | None:
    """Replace the token; return the address as it was given at sign-up, None if nobody signed up with it."""
    same = (PendingUser.email_key == email_key(email), PendingUser.expires_at > now())
    change = update(PendingUser).where(*same).values(token_hash=token_hash, expires_at=expires_at)
    address: str | None = await db.scalar(change.returning(PendingUser.email))
    await db.commit()
    return address


async def open_account(db: Db, token_hash: str) -> User | None:
    """Make an account of a sign-up, None if the token is not a good one."""
    # Deleted, and not looked up first: of two uses at the same time one finds it.
    good = (PendingUser.token_hash == token_hash, PendingUser.expires_at > now())
    pending = await db.scalar(delete(PendingUser).where(*good).returning(PendingUser))
    return await create_user(db, pending.email, pending.name, pending.password_hash) if pending else None


async def delete_pending(db: Db, email: str) -> None:
    await db.execute(delete(PendingUser).where(PendingUser.email_key == email_key(email)))
    await db.commit()
