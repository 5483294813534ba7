"""What is deleted together with an account."""

from uuid import UUID

from app.database import Db
from app.favorites.service import delete_favorites_of


async def delete_user_data(db: Db, owner_id: UUID, _: object) -> None:
    await delete_favorites_of(db, owner_id)
