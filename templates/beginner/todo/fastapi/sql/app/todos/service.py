"""Todos in the database."""

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import HTTPException
from sqlalchemy import Date, case, func, literal, or_, select, tuple_, update

from app.database import Db
from app.engine import UtcDateTime
from app.owned import update_owned
from app.schemas import now
from app.todos.models import Todo
from app.todos.schemas import MAX_TAGS, TodoCreate, TodoListQuery, TodoUpdate


async def create_todo(db: Db, owner_id: UUID, data: TodoCreate) -> Todo:
    todo = Todo(owner_id=owner_id, **data.model_dump())
    db.add(todo)
    await db.commit()
    return todo


async def list_todos(db: Db, owner_id: UUID, query: TodoListQuery, limit: int) -> list[Todo]:
    """Return todos of this owner that pass all filters, from the cursor on."""
    todos = select(Todo).where(Todo.owner_id == owner_id).limit(limit)
    if query.done:
        todos = todos.where(Todo.done == (query.done == "true"))
    if query.priority:
        todos = todos.where(Todo.priority == query.priority)
    if query.tag:
        # SQLite and PostgreSQL have no search in JSON in common, but there are ten places at most.
        todos = todos.where(or_(*(Todo.tags[n].as_string() == query.tag for n in range(MAX_TAGS))))
    if query.due_before:
        todos = todos.where(Todo.due_date < query.due_before)
    if query.q:
        # autoescape: the % and _ of LIKE are taken as they are.
        texts = (Todo.title, Todo.notes)
        todos = todos.where(or_(*(text.icontains(query.q, autoescape=True) for text in texts)))
    descending = query.sort.startswith("-")
    keys = _sort_keys(query.sort, Todo.due_date, Todo.priority, Todo.id)
    if query.cursor:
        place = query.cursor
        values = (literal(place.due_date, Date), literal(place.priority), literal(place.id))
        here, there = tuple_(*keys), tuple_(*_sort_keys(query.sort, *values))
        todos = todos.where(here < there if descending else here > there)
    return list(await db.scalars(todos.order_by(*(key.desc() if descending else key for key in keys))))


def _sort_keys(sort: str, due_date: Any, priority: Any, todo_id: Any) -> list[Any]:
    """Return what is sorted by, of the table or of the place where a page ended."""
    if sort.endswith("priority"):
        return [case({"low": 0, "normal": 1, "high": 2}, value=priority), todo_id]
    if sort.endswith("dueDate"):
        # Todos without a date come last both ways. NULL itself is neither before nor after any date.
        last = due_date.is_not(None) if sort.startswith("-") else due_date.is_(None)
        return [last, func.coalesce(due_date, date.max), todo_id]
    return [todo_id]


async def update_todo(db: Db, todo: Todo, data: TodoUpdate, versions: list[int] | None) -> Todo:
    changes = data.model_dump(exclude_unset=True)
    if "done" in changes:
        # Done twice: the first time stays.
        first = func.coalesce(Todo.completed_at, literal(now(), UtcDateTime))
        changes["completed_at"] = first if data.done else None
    return await update_owned(db, todo, changes, versions)


async def complete_todos(db: Db, owner_id: UUID, ids: set[UUID | None]) -> list[Todo]:
    """Complete those that are not done, and return all. Nothing is committed if one is missing."""
    own = (Todo.owner_id == owner_id, Todo.id.in_(ids))
    # PostgreSQL locks these rows in the order of ids: two requests that lock them in two orders would wait
    # for each other. SQLite ignores this; it has one lock, which the UPDATE takes.
    await db.execute(select(Todo.id).where(*own).order_by(Todo.id).with_for_update())
    time = now()
    done = {"done": True, "completed_at": time, "version": Todo.version + 1, "updated_at": time}
    await db.execute(update(Todo).where(*own, Todo.done.is_(False)).values(done))
    # Counted after the write. Counted before it, one of them could be deleted in between.
    todos = list(await db.scalars(select(Todo).where(*own).order_by(Todo.id)))
    if len(todos) < len(ids):
        raise HTTPException(404, "There is no todo for one of these ids.")
    await db.commit()
    return todos
