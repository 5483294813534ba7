"""Who owns what `python -m app.seed` makes."""

from uuid import UUID

from app.auth.dependencies import LOCAL_USER
from app.database import Db


async def seed_user(_: Db) -> UUID:
    return LOCAL_USER.id
