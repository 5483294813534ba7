"""The database of the tests: a temporary file, unless `DATABASE_URL` names another."""

from pathlib import Path

from app.db import Database
from app.orm import Base


def default_url(folder: Path) -> str:
    return f"sqlite:///{folder}/test.db"


async def empty(database: Database) -> None:
    async with database.writing() as session:
        for table in reversed(Base.metadata.sorted_tables):
            await session.execute(table.delete())
