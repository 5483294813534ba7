"""The database of the tests: TEST_DATABASE_URL, by default one beside that of the application."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI
from pymongo.errors import AutoReconnect, PyMongoError

from app.config import Settings
from app.database import open_db
from app.migrate import migrate


def database_url(_: Path) -> str:
    return os.environ.get("TEST_DATABASE_URL") or "mongodb://127.0.0.1:27017/app_test"


def prepare_database(settings: Settings) -> None:
    try:
        asyncio.run(migrate(settings))
    except PyMongoError as error:
        reason = str(error).split(",")[0]
        pytest.exit(
            f"The tests need MongoDB: {reason}. Start it as the README shows, or set TEST_DATABASE_URL.", 3
        )


class Down:
    """Every use of it fails, as if the database were down."""

    def __getattr__(self, _: str) -> None:
        raise AutoReconnect("the database is down")

    __getitem__ = __getattr__


@contextmanager
def outage(app: FastAPI) -> Iterator[None]:
    """Make every use of the database fail as if it were down."""
    database, app.state.database = app.state.database, Down()
    try:
        yield
    finally:
        app.state.database = database


async def delete_all(app: FastAPI) -> None:
    async with open_db(app) as db:
        for name in await db.list_collection_names():
            await db[name].delete_many({})
