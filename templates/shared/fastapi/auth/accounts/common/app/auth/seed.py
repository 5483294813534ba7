"""The example account, which owns what `python -m app.seed` makes."""

from uuid import UUID

from app.auth import service
from app.auth.passwords import hash_password
from app.database import Db

EMAIL = "ann@example.com"
PASSWORD = "correct horse battery"  # noqa: S105 - made by the seed command alone, for development


async def seed_user(db: Db) -> UUID:
    user = await service.find_user(db, EMAIL)
    if user is None:
        user = await service.create_user(db, EMAIL, "Ann", await hash_password(PASSWORD))
        print(f"{EMAIL} signs in with: {PASSWORD}")
    assert user
    return user.id
