"""The todo of a path, checked once for all path operations."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, HTTPException

from app.auth.dependencies import CurrentUser
from app.database import DbDep
from app.owned import get_owned
from app.todos.models import Todo


async def get_own_todo(todo_id: UUID, user: CurrentUser, db: DbDep) -> Todo:
    """Return a todo of the current user. A todo of someone else looks like one that does not exist."""
    todo = await get_owned(db, Todo, user.id, todo_id)
    if todo is None:
        raise HTTPException(404, "There is no such todo.")
    return todo


OwnTodo = Annotated[Todo, Depends(get_own_todo)]
