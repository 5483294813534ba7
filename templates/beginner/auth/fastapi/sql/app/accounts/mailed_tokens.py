"""Tokens of mails, each of them for one thing and for one use."""

from datetime import datetime
from uuid import UUID

from fastapi import HTTPException
from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.exc import IntegrityError

from app.accounts.models import MailedToken, Purpose
from app.activity.service import end_sessions, record_events
from app.auth.models import User
from app.auth.schemas import email_key
from app.database import Db
from app.schemas import now


async def save_token(
    db: Db, user_id: UUID, purpose: Purpose, token_hash: str, expires_at: datetime, email: str | None = None
) -> None:
    # What others have locked is skipped: two requests that wait for each other's rows would never end.
    expired = select(MailedToken.token_hash).where(MailedToken.expires_at <= now())
    locked = expired.with_for_update(skip_locked=True)
    await db.execute(delete(MailedToken).where(MailedToken.token_hash.in_(locked)))
    token = {"token_hash": token_hash, "user_id": user_id, "purpose": purpose, "new_email": email}
    db.add(MailedToken(**token, expires_at=expires_at))
    await db.commit()


async def save_email_change(db: Db, user: User, token_hash: str, expires_at: datetime, email: str) -> bool:
    """Replace the token; False if the password was changed since it was checked, which ends all of them."""
    same = (User.id == user.id, User.password_hash == user.password_hash)
    lock = update(User).where(*same).values(password_hash=User.password_hash).returning(User.id)
    if await db.scalar(lock) is None:
        return False
    await end_tokens(db, user.id, "change-email")
    await save_token(db, user.id, "change-email", token_hash, expires_at, email)
    return True


async def is_good(db: Db, purpose: Purpose, token_hash: str) -> bool:
    found = await db.scalar(select(MailedToken.user_id).where(*_good(purpose, token_hash)))
    await db.commit()  # no transaction stays open while a password is hashed
    return found is not None


async def reset_password(db: Db, token_hash: str, new_hash: str) -> bool:
    """Set the password, and end all sessions and tokens of the user; False if the token is not a good one."""
    token = await _take(db, "reset-password", token_hash)
    if token is None:
        return False
    await db.execute(update(User).where(User.id == token.user_id).values(password_hash=new_hash))
    await end_tokens(db, token.user_id)
    await end_sessions(db, token.user_id)
    await record_events(db, token.user_id, "password-reset")
    return True


async def change_email(db: Db, token_hash: str) -> str | None:
    """Give the user the new address and return the old one, None if the token is not a good one."""
    token = await _take(db, "change-email", token_hash)
    if token is None or token.new_email is None:
        return None
    old: str | None = await db.scalar(select(User.email).where(User.id == token.user_id))
    new = {"email": token.new_email, "email_key": email_key(token.new_email), "version": User.version + 1}
    try:
        await db.execute(update(User).where(User.id == token.user_id).values(new))
    except IntegrityError:
        await db.rollback()
        raise HTTPException(409, "This address has got an account in the meantime.") from None
    # A link in the old mailbox must not set the password any more.
    await end_tokens(db, token.user_id)
    await record_events(db, token.user_id, "email-changed")
    return old


async def end_tokens(db: Db, user_id: UUID, *purposes: Purpose) -> None:
    """End a user's tokens, all or those for some purposes. What follows commits it."""
    ended = delete(MailedToken).where(MailedToken.user_id == user_id)
    await db.execute(ended.where(MailedToken.purpose.in_(purposes)) if purposes else ended)


async def _take(db: Db, purpose: Purpose, token_hash: str) -> MailedToken | None:
    """Delete the token and return it: of two uses at the same time one finds it."""
    user_id = await db.scalar(select(MailedToken.user_id).where(*_good(purpose, token_hash)))
    # The user first. Two requests with two tokens of one user would otherwise each hold one of them, and wait
    # for the other one.
    if await db.scalar(select(User.id).where(User.id == user_id).with_for_update()) is None:
        return None
    taken = delete(MailedToken).where(*_good(purpose, token_hash)).returning(MailedToken)
    token: MailedToken | None = await db.scalar(taken)
    return token


def _good(purpose: Purpose, token_hash: str) -> tuple[ColumnElement[bool], ...]:
    same = (MailedToken.token_hash == token_hash, MailedToken.purpose == purpose)
    return (*same, MailedToken.expires_at > now())
