"""The database of the tests: a temporary file."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from fastapi import FastAPI
from sqlalchemy.exc import OperationalError

from app.config import Settings
from app.models import Base


def database_url(folder: Path) -> str:
    return os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{folder}/test.db"


def migrate(settings: Settings, revision: str = "head") -> None:
    command.upgrade(Config("alembic.ini", attributes={"settings": settings}), revision)


prepare_database = migrate


@contextmanager
def outage(app: FastAPI) -> Iterator[None]:
    """Make every use of the database fail as if it were down."""

    def fail() -> None:
        raise OperationalError("SELECT", {}, Exception("the database is down"))

    session_factory, app.state.session_factory = app.state.session_factory, fail
    try:
        yield
    finally:
        app.state.session_factory = session_factory


async def delete_all(app: FastAPI) -> None:
    async with app.state.session_factory.begin() as db:
        for table in reversed(Base.metadata.sorted_tables):
            await db.execute(table.delete())
