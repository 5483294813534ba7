"""SQLite as this project uses it."""

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from app.db import Database, DatabaseSettings, Transaction
from app.errors import UnavailableError


@pytest.mark.parametrize("url", ["sqlite:///./data/app.db", "sqlite:////var/lib/app.db"])
def test_a_file_is_accepted(url: str) -> None:
    assert DatabaseSettings(database_url=url).database_url == url


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///", "sqlite+aiosqlite:///app.db", "app.db"])
def test_anything_else_is_not(url: str) -> None:
    with pytest.raises(ValueError, match="must be of the form sqlite:///"):
        DatabaseSettings(database_url=url)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with Database(DatabaseSettings(database_url=f"sqlite:///{tmp_path}/new/folder/app.db")) as database:
        async with database.writing() as session:
            await session.execute(text("CREATE TABLE counter AS SELECT 0 AS number"))
        yield database


@pytest.fixture
async def another(database: Database, tmp_path: Path) -> AsyncIterator[Database]:
    """As another process would open it."""
    async with Database(DatabaseSettings(database_url=f"sqlite:///{tmp_path}/new/folder/app.db")) as another:
        yield another


async def number(session: Transaction) -> int:
    return int(await session.scalar(text("SELECT number FROM counter")))


async def count(database: Database) -> None:
    async with database.writing() as session:
        await session.execute(text("UPDATE counter SET number = :next"), {"next": await number(session) + 1})


async def test_a_reader_has_one_snapshot_and_holds_no_writer_up(database: Database) -> None:
    async with database.reading() as reader:
        assert await number(reader) == 0
        async with asyncio.timeout(1):
            await count(database)
        assert await number(reader) == 0
    async with database.reading() as reader:
        assert await number(reader) == 1


async def test_who_reads_and_then_writes_waits_for_all_others(database: Database, another: Database) -> None:
    await asyncio.gather(*(count(each) for each in [database, another] * 10))
    async with database.reading() as reader:
        assert await number(reader) == 20


async def test_a_block_that_fails_leaves_nothing(database: Database) -> None:
    with contextlib.suppress(ZeroDivisionError):
        async with database.writing() as session:
            await session.execute(text("UPDATE counter SET number = 1"))
            raise ZeroDivisionError
    async with database.reading() as reader:
        assert await number(reader) == 0


async def test_who_waits_too_long_for_another_process_hears_of_it(database: Database, tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / "new/folder/app.db")) as stuck:
        stuck.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        with pytest.raises(UnavailableError):
            await count(database)
        assert time.monotonic() - began < 2
    await count(database)
