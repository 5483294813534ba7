"""Sign-ups whose address is not proven yet. There is no account before.

Of one address there is one: a newer sign-up replaces the one before. If the first one stayed, somebody could
sign up with your address, wait until you do, and own the password of the account that you prove.
"""

from datetime import datetime

from pymongo.errors import DuplicateKeyError

from app.accounts.models import PendingUser
from app.auth.models import User
from app.auth.schemas import SignUp, email_key
from app.auth.service import create_user
from app.database import Db
from app.schemas import now


async def save_pending(
    db: Db, data: SignUp, password_hash: str, token_hash: str, expires_at: datetime
) -> None:
    pending = PendingUser(
        email_key=email_key(data.email),
        email=data.email,
        name=data.name,
        password_hash=password_hash,
        token_hash=token_hash,
        expires_at=expires_at,
    )
    same, document = {"_id": pending.email_key}, pending.model_dump(by_alias=True)
    try:
        await db.pending_users.replace_one(same, document, upsert=True)
    except DuplicateKeyError:  # another sign-up made it at the same time; now there is one to replace
        await db.pending_users.replace_one(same, document)


async def find_pending(db: Db, email: str) -> PendingUser | None:
    found = await db.pending_users.find_one({"_id": email_key(email), "expires_at": {"$gt": now()}})
    return PendingUser.model_validate(found) if found else None


async def renew_token(db: Db, email: str, token_hash: str, expires_at: datetime) -> str | None:
    """Replace the token; return the address as it was given at sign-up, None if nobody signed up with it."""
    same = {"_id": email_key(email), "expires_at": {"$gt": now()}}
    change = {"$set": {"token_hash": token_hash, "expires_at": expires_at}}
    found = await db.pending_users.find_one_and_update(same, change)
    return str(found["email"]) if found else None


async def open_account(db: Db, token_hash: str) -> User | None:
    """Make an account of a sign-up, None if the token is not a good one."""
    found = await db.pending_users.find_one({"token_hash": token_hash, "expires_at": {"$gt": now()}})
    if found is None:
        return None
    # The account first: if this stops in between, nothing is lost. Of two uses at the same time the unique
    # index of users lets one through.
    user = await create_user(db, found["email"], found["name"], found["password_hash"])
    await db.pending_users.delete_one({"_id": found["_id"], "token_hash": token_hash})
    return user


async def delete_pending(db: Db, email: str) -> None:
    await db.pending_users.delete_one({"_id": email_key(email)})
