"""Todos in the database."""

import re
from typing import Any, get_args
from uuid import UUID

from fastapi import HTTPException

from app.database import Db, Document
from app.owned import update_owned
from app.schemas import now
from app.todos.models import Todo
from app.todos.schemas import Priority, TodoCreate, TodoListQuery, TodoPosition, TodoUpdate

RANKED = get_args(Priority)


async def create_todo(db: Db, owner_id: UUID, data: TodoCreate) -> Todo:
    todo = Todo(owner_id=owner_id, **data.model_dump())
    await db.todos.insert_one(todo.to_document())
    return todo


async def list_todos(db: Db, owner_id: UUID, query: TodoListQuery, limit: int) -> list[Todo]:
    """Return todos of this owner that pass all filters, from the cursor on."""
    filters: Document = {"owner_id": owner_id}
    if query.done:
        filters["done"] = query.done == "true"
    if query.priority:
        filters["priority"] = query.priority
    if query.tag:
        filters["tags"] = query.tag
    if query.due_before:
        filters["due_date"] = {"$lt": query.due_before.isoformat()}
    if query.q:
        # Escaped: what the client sends is text to find, never a pattern to run.
        contains = {"$regex": re.escape(query.q), "$options": "i"}
        filters["$or"] = [{"title": contains}, {"notes": contains}]
    descending = query.sort.startswith("-")
    # MongoDB compares documents field by field, so this one is what is sorted by, and where a page ended.
    pipeline: list[Document] = [{"$match": filters}, {"$set": {"place": _sort_keys(query.sort)}}]
    if query.cursor:
        place = _sort_keys(query.sort, query.cursor)
        pipeline.append({"$match": {"$expr": {"$lt" if descending else "$gt": ["$place", place]}}})
    pipeline += [{"$sort": {"place": -1 if descending else 1}}, {"$limit": limit}]
    return [Todo.model_validate(found) async for found in await db.todos.aggregate(pipeline)]


def _sort_keys(sort: str, place: TodoPosition | None = None) -> Document:
    """Return what is sorted by: of the stored todos, or of the place where a page ended."""
    if sort.endswith("priority"):
        rank: Any = RANKED.index(place.priority) if place else {"$indexOfArray": [RANKED, "$priority"]}
        return {"rank": rank, "id": place.id if place else "$_id"}
    if sort.endswith("dueDate"):
        due_date = str(place.due_date or "") if place else {"$ifNull": ["$due_date", ""]}
        # Todos without a date come last both ways.
        last = {"$ne" if sort.startswith("-") else "$eq": [due_date, ""]}
        return {"last": last, "due_date": due_date, "id": place.id if place else "$_id"}
    return {"id": place.id if place else "$_id"}


async def update_todo(db: Db, todo: Todo, data: TodoUpdate, versions: list[int] | None) -> Todo:
    names = data.model_fields_set
    stored = todo.model_copy(update=data.model_dump(exclude_unset=True)).to_document()
    # A literal: what the client sends is text, never an expression to run.
    changes: Document = {name: {"$literal": stored[name]} for name in names}
    if "done" in names:
        # Done twice: the first time stays.
        changes["completed_at"] = {"$ifNull": ["$completed_at", now()]} if data.done else None
    return await update_owned(db, todo, changes, versions)


async def complete_todos(db: Db, owner_id: UUID, ids: set[UUID | None]) -> list[Todo]:
    """Complete those that are not done, and return all.

    A single MongoDB server has no transactions. So the ids are checked first, and a todo that is deleted
    after that is as good as deleted afterwards.
    """
    own: Document = {"_id": {"$in": list(ids)}, "owner_id": owner_id}
    if await db.todos.count_documents(own) < len(ids):
        raise HTTPException(404, "There is no todo for one of these ids.")
    time = now()
    edit = {"$set": {"done": True, "completed_at": time, "updated_at": time}, "$inc": {"version": 1}}
    await db.todos.update_many({**own, "done": False}, edit)
    return [Todo.model_validate(found) async for found in db.todos.find(own).sort("_id")]
