"""SQLite as this project uses it."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.engine import DatabaseUrl, create_engine

CHECK = TypeAdapter(DatabaseUrl)


@pytest.mark.parametrize(
    "url", ["sqlite:///./data/app.db", "sqlite:////var/lib/app.db", "sqlite:///a#b/a%b.db"]
)
def test_file_urls_are_accepted(url: str) -> None:
    assert CHECK.validate_python(url) == url


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///", "sqlite+aiosqlite:///app.db", "app.db"])
def test_other_urls_are_rejected(url: str) -> None:
    with pytest.raises(ValidationError):
        CHECK.validate_python(url)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "new#folder" / "100%.db"


@pytest.fixture
async def engine(file: Path) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(f"sqlite:///{file}")
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE counter AS SELECT 0 AS number"))
    yield engine
    await engine.dispose()


async def number(db: AsyncSession) -> int:
    return int(await db.scalar(text("SELECT number FROM counter")))


async def count(engine: AsyncEngine) -> None:
    async with AsyncSession(engine) as db:
        await db.execute(text("UPDATE counter SET number = number + 1"))
        await db.commit()


async def test_readers_do_not_block_writers(engine: AsyncEngine, file: Path) -> None:
    with contextlib.closing(sqlite3.connect(file)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT number FROM counter").fetchone() == (0,)
        await count(engine)
        assert reader.execute("SELECT number FROM counter").fetchone() == (0,)


async def test_concurrent_transactions_that_read_and_write_lose_no_update(
    engine: AsyncEngine, file: Path
) -> None:
    async def read_and_count(engine: AsyncEngine) -> None:
        async with AsyncSession(engine) as db:
            await number(db)
            await asyncio.sleep(0.001)
            await db.execute(text("UPDATE counter SET number = number + 1"))
            await db.commit()

    another = create_engine(f"sqlite:///{file}")  # as another process would open it
    await asyncio.gather(*(read_and_count(each) for each in [engine, another] * 5))
    await another.dispose()
    async with AsyncSession(engine) as db:
        assert await number(db) == 10


async def test_failed_transaction_is_rolled_back(engine: AsyncEngine) -> None:
    with contextlib.suppress(ZeroDivisionError):
        async with AsyncSession(engine) as db:
            await db.execute(text("UPDATE counter SET number = 1"))
            raise ZeroDivisionError
    async with AsyncSession(engine) as db:
        assert await number(db) == 0


async def test_waiting_too_long_for_a_lock_raises_an_error(engine: AsyncEngine, file: Path) -> None:
    hasty = create_engine(f"sqlite:///{file}", timeout=0.1)
    with contextlib.closing(sqlite3.connect(file)) as stuck:
        stuck.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError, match="locked"):
            await count(hasty)
    await count(hasty)
    await hasty.dispose()
