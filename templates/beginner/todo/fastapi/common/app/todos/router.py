"""`/api/v1/todos`."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.auth.dependencies import CurrentUser
from app.database import DbDep
from app.etag import ExpectedVersions, IfNoneMatch, etag, is_fresh
from app.owned import delete_owned
from app.todos import schemas, service
from app.todos.dependencies import OwnTodo

router = APIRouter(prefix="/todos", tags=["todos"])


@router.post("", status_code=201)
async def create_todo(
    user: CurrentUser, body: schemas.TodoCreate, db: DbDep, response: Response
) -> schemas.TodoOut:
    """Add a todo."""
    todo = await service.create_todo(db, user.id, body)
    response.headers["Location"] = f"/api/v1/todos/{todo.id}"
    response.headers["ETag"] = etag(todo.version)
    return schemas.TodoOut.model_validate(todo)


@router.get("")
@router.head("", include_in_schema=False)
async def list_todos(
    user: CurrentUser, query: Annotated[schemas.TodoListQuery, Query()], db: DbDep
) -> schemas.TodoPage:
    """List own todos that pass all filters. Todos without a due date come last in either direction."""
    todos = await service.list_todos(db, user.id, query, query.limit + 1)
    return schemas.TodoPage.model_validate(schemas.TodoPosition.page_of(todos, query.limit))


@router.post("/complete")
async def complete_todos(user: CurrentUser, body: schemas.TodoIds, db: DbDep) -> schemas.TodoList:
    """Complete many todos, all or none. Those that are done stay as they are."""
    return schemas.TodoList.model_validate({"items": await service.complete_todos(db, user.id, body.ids)})


# `:uuid`, or "complete" would be taken for an id.
@router.get("/{todo_id:uuid}", response_model=schemas.TodoOut)
@router.head("/{todo_id:uuid}", response_model=schemas.TodoOut, include_in_schema=False)
async def get_todo(
    todo: OwnTodo, response: Response, if_none_match: IfNoneMatch = None
) -> schemas.TodoOut | Response:
    """Return a todo, or 304 if the client has this version."""
    response.headers["ETag"] = etag(todo.version)
    if is_fresh(if_none_match, etag(todo.version)):
        return Response(status_code=304, headers=response.headers)
    return schemas.TodoOut.model_validate(todo)


@router.patch("/{todo_id:uuid}")
async def update_todo(
    todo: OwnTodo, body: schemas.TodoUpdate, versions: ExpectedVersions, db: DbDep, response: Response
) -> schemas.TodoOut:
    """Change what is sent. `done` sets and clears `completedAt`."""
    updated = await service.update_todo(db, todo, body, versions)
    response.headers["ETag"] = etag(updated.version)
    return schemas.TodoOut.model_validate(updated)


@router.delete("/{todo_id:uuid}", status_code=204)
async def delete_todo(todo: OwnTodo, versions: ExpectedVersions, db: DbDep) -> None:
    """Delete a todo."""
    await delete_owned(db, todo, versions)
