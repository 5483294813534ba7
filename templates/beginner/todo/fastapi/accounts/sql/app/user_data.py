"""What is deleted together with an account."""

from uuid import UUID

from sqlalchemy import delete

from app.database import Db
from app.todos.models import Todo


async def delete_user_data(db: Db, owner_id: UUID, _: object) -> None:
    await db.execute(delete(Todo).where(Todo.owner_id == owner_id))
    await db.commit()
