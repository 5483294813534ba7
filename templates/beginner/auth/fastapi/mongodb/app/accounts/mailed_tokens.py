"""Tokens of mails, each of them for one thing and for one use."""

from datetime import datetime
from uuid import UUID

from fastapi import HTTPException
from pymongo.errors import DuplicateKeyError

from app.accounts.models import MailedToken, Purpose
from app.activity.service import end_sessions, record_events
from app.auth.models import User
from app.auth.schemas import email_key
from app.database import Db, Document
from app.schemas import now


async def save_token(
    db: Db, user_id: UUID, purpose: Purpose, token_hash: str, expires_at: datetime, email: str | None = None
) -> None:
    token = MailedToken(
        token_hash=token_hash, user_id=user_id, purpose=purpose, new_email=email, expires_at=expires_at
    )
    await db.mailed_tokens.insert_one(token.model_dump(by_alias=True))


async def save_email_change(db: Db, user: User, token_hash: str, expires_at: datetime, email: str) -> bool:
    """Replace the token; False if the password was changed since it was checked, which ends all of them."""
    await end_tokens(db, user.id, "change-email")
    await save_token(db, user.id, "change-email", token_hash, expires_at, email)
    if await db.users.find_one({"_id": user.id, "password_hash": user.password_hash}) is None:
        await end_tokens(db, user.id)
        return False
    return True


async def is_good(db: Db, purpose: Purpose, token_hash: str) -> bool:
    return await db.mailed_tokens.find_one(_good(purpose, token_hash)) is not None


async def reset_password(db: Db, token_hash: str, new_hash: str) -> bool:
    """Set the password, and end all sessions and tokens of the user; False if the token is not a good one."""
    token = await _take(db, "reset-password", token_hash)
    if token is None:
        return False
    changed = {"$set": {"password_hash": new_hash}}
    if not (await db.users.update_one({"_id": token.user_id}, changed)).matched_count:
        return False
    await end_tokens(db, token.user_id)
    await end_sessions(db, token.user_id)
    await record_events(db, token.user_id, "password-reset")
    return True


async def change_email(db: Db, token_hash: str) -> str | None:
    """Give the user the new address and return the old one, None if the token is not a good one."""
    token = await _take(db, "change-email", token_hash)
    if token is None or token.new_email is None:
        return None
    new = {"email": token.new_email, "email_key": email_key(token.new_email)}
    try:
        before = await db.users.find_one_and_update(
            {"_id": token.user_id}, {"$set": new, "$inc": {"version": 1}}
        )
    except DuplicateKeyError:
        raise HTTPException(409, "This address has got an account in the meantime.") from None
    if before is None:
        return None
    # A link in the old mailbox must not set the password any more.
    await end_tokens(db, token.user_id)
    await record_events(db, token.user_id, "email-changed")
    return str(before["email"])


async def end_tokens(db: Db, user_id: UUID, *purposes: Purpose) -> None:
    """End a user's tokens, all or those for some purposes."""
    ended: Document = {"user_id": user_id}
    await db.mailed_tokens.delete_many({**ended, "purpose": {"$in": purposes}} if purposes else ended)


async def _take(db: Db, purpose: Purpose, token_hash: str) -> MailedToken | None:
    """Delete the token and return it: of two uses at the same time one finds it."""
    taken = await db.mailed_tokens.find_one_and_delete(_good(purpose, token_hash))
    return MailedToken.model_validate(taken) if taken else None


def _good(purpose: Purpose, token_hash: str) -> Document:
    return {"_id": token_hash, "purpose": purpose, "expires_at": {"$gt": now()}}
