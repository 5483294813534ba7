"""The database of the tests: TEST_DATABASE_URL, by default one beside that of the application."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import pytest
from alembic import command
from alembic.config import Config
from fastapi import FastAPI
from sqlalchemy import make_url

from app.config import Settings
from app.models import Base


def database_url(_: Path) -> str:
    return os.environ.get("TEST_DATABASE_URL") or "postgresql://app:app@127.0.0.1:5432/app_test"


def migrate(settings: Settings, revision: str = "head") -> None:
    command.upgrade(Config("alembic.ini", attributes={"settings": settings}), revision)


def prepare_database(settings: Settings) -> None:
    try:
        asyncio.run(_create_database(settings.database_url))
    except (OSError, asyncpg.PostgresError) as error:
        pytest.exit(
            f"The tests need PostgreSQL: {error}. Start it as the README shows, or set TEST_DATABASE_URL.", 3
        )
    migrate(settings)


async def _create_database(url: str) -> None:
    parsed = make_url(url)
    server = parsed.set(database="postgres").render_as_string(hide_password=False)
    connection = await asyncpg.connect(server, timeout=1)
    try:
        await connection.execute(f'CREATE DATABASE "{parsed.database}"')
    except asyncpg.DuplicateDatabaseError:
        pass
    finally:
        await connection.close()


@contextmanager
def outage(app: FastAPI) -> Iterator[None]:
    """Make every use of the database fail as if it were down."""

    def fail() -> None:
        raise ConnectionError("the database is down")

    session_factory, app.state.session_factory = app.state.session_factory, fail
    try:
        yield
    finally:
        app.state.session_factory = session_factory


async def delete_all(app: FastAPI) -> None:
    async with app.state.session_factory.begin() as db:
        for table in reversed(Base.metadata.sorted_tables):
            await db.execute(table.delete())
