"""`python -m app.seed` adds some todos to an empty list, to have something to look at; safe to run twice."""

import asyncio
from uuid import UUID

from app.database import Db
from app.examples import add_examples
from app.todos.schemas import TodoCreate, TodoListQuery
from app.todos.service import create_todo, list_todos

TODOS = [
    TodoCreate(title="Read the README", priority="high", tags=["start"]),
    TodoCreate(title="Try the API on /docs", tags=["start"]),
    TodoCreate(title="Write a test", notes="One that fails, to begin with.", dueDate="2030-01-31"),
]


async def add_todos(db: Db, owner_id: UUID) -> None:
    if not await list_todos(db, owner_id, TodoListQuery(), 1):
        for todo in TODOS:
            await create_todo(db, owner_id, todo)
            print(f"Added: {todo.title}")


if __name__ == "__main__":
    asyncio.run(add_examples(add_todos))
