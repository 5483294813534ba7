"""The database of the tests: the one that `DATABASE_URL` names. They empty it."""

from pathlib import Path

from app.db import Database
from app.indexes import INDEXES


def default_url(folder: Path) -> str:
    return "mongodb://127.0.0.1:27017/test"


async def empty(database: Database) -> None:
    async with database.writing() as collections:
        for name in {name for name, _ in INDEXES}:
            await collections[name].delete_many({})
