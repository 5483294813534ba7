"""The database of the tests: the one that `DATABASE_URL` names. They empty it."""

from pathlib import Path

from app.db import Database
from app.orm import Base


def default_url(folder: Path) -> str:
    return "postgresql://app:app@127.0.0.1:5432/test"


async def empty(database: Database) -> None:
    async with database.writing() as session:
        for table in reversed(Base.metadata.sorted_tables):
            await session.execute(table.delete())
