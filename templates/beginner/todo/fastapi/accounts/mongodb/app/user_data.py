"""What is deleted together with an account."""

from uuid import UUID

from app.database import Db


async def delete_user_data(db: Db, owner_id: UUID, _: object) -> None:
    await db.todos.delete_many({"owner_id": owner_id})
