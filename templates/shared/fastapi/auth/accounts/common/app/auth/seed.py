"""Who owns what `python -m app.seed` makes."""

import secrets

from app.auth.account_repository import AccountRepository
from app.auth.passwords import hash_password
from app.auth.user import User
from app.db import Database
from app.ids import new_id
from app.times import now

_EMAIL = "demo@example.com"


async def seed_user(database: Database) -> str:
    """Return the id of the demo user, made with a random password: one in the source would be everybody's."""
    password = secrets.token_urlsafe(12)
    user = User(
        id=new_id(),
        email=_EMAIL,
        name="Demo",
        password_hash=await hash_password(password),
        created_at=now(),
    )
    async with database.writing() as transaction:
        accounts = AccountRepository(transaction)
        if await accounts.add(user):
            print(f"{_EMAIL} signs in with {password}")  # noqa: T201
            return user.id
        existing = await accounts.find(_EMAIL)
        assert existing
        return existing.id
