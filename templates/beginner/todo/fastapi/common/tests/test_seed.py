"""`python -m app.seed`."""

import pytest
from fastapi import FastAPI

from app import examples
from app.auth.seed import seed_user
from app.config import Settings
from app.database import open_db
from app.seed import TODOS, add_todos
from app.todos.schemas import TodoListQuery
from app.todos.service import list_todos


async def test_there_is_something_to_look_at_and_seeding_again_changes_nothing(
    app: FastAPI, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examples, "load_settings", lambda: settings)
    for _ in range(2):
        await examples.add_examples(add_todos)
    async with open_db(app) as db:
        todos = await list_todos(db, await seed_user(db), TodoListQuery(), 100)
    assert [todo.title for todo in todos] == [todo.title for todo in reversed(TODOS)]


async def test_it_is_refused_in_production(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    production = settings.model_copy(update={"app_env": "production"})
    monkeypatch.setattr(examples, "load_settings", lambda: production)
    with pytest.raises(SystemExit, match="not for production"):
        await examples.add_examples(add_todos)
