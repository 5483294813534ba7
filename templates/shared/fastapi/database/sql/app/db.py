"""The database, by SQLAlchemy; what is special about this one is in `app/engine.py`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from types import TracebackType
from typing import Self

from sqlalchemy import text
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.engine import DatabaseSettings, create_engine, create_gates, insert
from app.errors import UnavailableError

__all__ = ["Database", "DatabaseSettings", "Transaction", "insert"]

Transaction = AsyncSession

_GOOD_BYE = 1  # seconds


class Database:
    """Opens transactions, and says "unavailable" in the application's words."""

    def __init__(self, settings: DatabaseSettings) -> None:
        self._engine = create_engine(settings.database_url)
        writing = self._engine.execution_options(writes=True)  # for an engine that wants to know (SQLite)
        self._reading = async_sessionmaker(self._engine, expire_on_commit=False)
        self._writing = async_sessionmaker(writing, expire_on_commit=False)
        self._readers, self._writers = create_gates()

    async def __aenter__(self) -> Self:
        """Connect lazily: nothing to do yet."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close all connections, but wait for no server that does not answer."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_GOOD_BYE):
                await self._engine.dispose()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        """Open a transaction that only reads."""
        async with self._readers.enter(), _translating(), self._reading.begin() as session:
            yield session

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Transaction]:
        """Open a transaction that is committed at the end of the block."""
        async with self._writers.enter(), _translating(), self._writing.begin() as session:
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
