"""The database: SQLite, by SQLAlchemy and aiosqlite."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pydantic import field_validator
from pydantic_settings import BaseSettings
from sqlalchemy import event, make_url, text
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from app.errors import UnavailableError
from app.gate import Gate

__all__ = ["Database", "DatabaseSettings", "Transaction", "create_engine", "insert"]

Transaction = AsyncSession
_READERS = 5
_TIMEOUT = 1.5  # seconds; a client hears of a database that is stuck within 2


class DatabaseSettings(BaseSettings):
    """Where the database is."""

    database_url: str

    @field_validator("database_url")
    @classmethod
    def _sqlite_file(cls, value: str) -> str:
        if not value.startswith("sqlite:///") or len(value) == len("sqlite:///"):
            msg = "must be of the form sqlite:///./data/app.db or sqlite:////var/lib/app.db"
            raise ValueError(msg)
        return value


def create_engine(url: str) -> AsyncEngine:
    """Return an engine for the file, whose folder is made if need be."""
    parsed = make_url(url).set(drivername="sqlite+aiosqlite")
    Path(str(parsed.database)).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(parsed, pool_size=_READERS + 1, max_overflow=0)

    @event.listens_for(engine.sync_engine, "connect")
    def _configure(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # transactions are begun below, not by the driver
        cursor = connection.cursor()
        # Write-ahead log: readers and the writer do not wait for each other.
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute(f"PRAGMA busy_timeout = {int(_TIMEOUT * 1000)}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        # A transaction that reads first and writes later would be refused at once ("database
        # is locked") if another one wrote in between; taking the lock at the start waits instead.
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


class Database:
    """Opens transactions, and says "unavailable" in the application's words."""

    def __init__(self, settings: DatabaseSettings) -> None:
        self._engine = create_engine(settings.database_url)
        writing = self._engine.execution_options(writes=True)
        self._reading = async_sessionmaker(self._engine, expire_on_commit=False)
        self._writing = async_sessionmaker(writing, expire_on_commit=False)
        self._readers = Gate("database", _READERS, _TIMEOUT)
        # SQLite has one writer at a time; waiting for it here is fair and costs no polling.
        self._writer = Gate("database", 1, _TIMEOUT)

    async def __aenter__(self) -> Self:
        """Connect lazily: nothing to do yet."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close all connections."""
        await self._engine.dispose()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        """Open a transaction that only reads, on one snapshot."""
        async with self._readers.enter(), _translating(), self._reading.begin() as session:
            yield session

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Transaction]:
        """Open a transaction that is committed at the end of the block."""
        async with self._writer.enter(), _translating(), self._writing.begin() as session:
            yield session

    async def ping(self) -> None:
        """Raise `UnavailableError` if the database does not answer."""
        async with self.reading() as session:
            await session.execute(text("SELECT 1"))


@asynccontextmanager
async def _translating() -> AsyncIterator[None]:
    try:
        yield
    except OperationalError as error:
        raise UnavailableError("database") from error
