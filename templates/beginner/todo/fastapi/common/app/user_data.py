"""What is deleted together with an account."""

from uuid import UUID

from app.database import Db
from app.owned import delete_all_owned
from app.todos.models import Todo


async def delete_user_data(db: Db, owner_id: UUID, _: object) -> None:
    await delete_all_owned(db, Todo, owner_id)
