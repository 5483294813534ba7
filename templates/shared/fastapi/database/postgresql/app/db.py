"""The database: PostgreSQL, by SQLAlchemy and asyncpg."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Self

from pydantic import field_validator
from pydantic_settings import BaseSettings
from sqlalchemy import make_url, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from app.errors import UnavailableError
from app.gate import Gate

__all__ = ["Database", "DatabaseSettings", "Transaction", "create_engine", "insert"]

Transaction = AsyncSession
_CONNECTIONS = 10
_TIMEOUT = 1.5  # seconds; a client hears of a database that is stuck within 2


class DatabaseSettings(BaseSettings):
    """Where the database is."""

    database_url: str

    @field_validator("database_url")
    @classmethod
    def _postgresql(cls, value: str) -> str:
        msg = "must be of the form postgresql://user:password@host:5432/database"
        if not value.startswith("postgresql://"):
            raise ValueError(msg)
        try:
            url = make_url(value)
        except Exception as error:
            raise ValueError(msg) from error
        if not url.host or not url.database:
            raise ValueError(msg)
        return value


def create_engine(url: str) -> AsyncEngine:
    """Return an engine; it connects when first used."""
    return create_async_engine(
        make_url(url).set(drivername="postgresql+asyncpg"),
        pool_size=_CONNECTIONS,
        max_overflow=0,
        pool_pre_ping=True,  # after a restart of the database, old connections are replaced, not used
        connect_args={"timeout": _TIMEOUT},
    )


class Database:
    """Opens transactions, and says "unavailable" in the application's words."""

    def __init__(self, settings: DatabaseSettings) -> None:
        self._engine = create_engine(settings.database_url)
        self._sessions = async_sessionmaker(self._engine, expire_on_commit=False)
        self._gate = Gate("database", _CONNECTIONS, _TIMEOUT)

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
        """Open a transaction that only reads."""
        async with self._gate.enter(), _translating(), self._sessions.begin() as session:
            yield session

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Transaction]:
        """Open a transaction that is committed at the end of the block."""
        async with self._gate.enter(), _translating(), self._sessions.begin() as session:
            yield session

    async def ping(self) -> None:
        """Raise `UnavailableError` if the database does not answer."""
        async with self.reading() as session:
            await session.execute(text("SELECT 1"))


@asynccontextmanager
async def _translating() -> AsyncIterator[None]:
    try:
        yield
    except (IntegrityError, DataError, ProgrammingError):
        raise  # an answer of the database, not its absence
    except (DBAPIError, OSError) as error:
        raise UnavailableError("database") from error
