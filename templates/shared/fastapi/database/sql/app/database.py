"""The database, by SQLAlchemy. What is special about this one is in `app/engine.py`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from sqlalchemy import text
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.engine import create_engine

Db = AsyncSession

# What the driver raises while the database is down, and what it answers while it is not.
UNAVAILABLE = (DBAPIError, PoolTimeoutError, OSError)


def is_unavailable(error: Exception) -> bool:
    return not isinstance(error, IntegrityError | DataError | ProgrammingError)


@asynccontextmanager
async def database(app: FastAPI) -> AsyncIterator[None]:
    """Keep a pool of connections, made when first used: the process starts without the database."""
    engine = create_engine(app.state.settings.database_url)
    app.state.sessions = async_sessionmaker(engine, expire_on_commit=False)

    async def check() -> None:
        async with engine.connect() as connection:
            await connection.execute(text("SELECT 1"))

    app.state.health_checks["database"] = check
    yield
    await engine.dispose()


def open_db(app: FastAPI) -> Db:
    sessions: async_sessionmaker[Db] = app.state.sessions
    return sessions()


async def get_db(request: Request) -> AsyncIterator[Db]:
    async with open_db(request.app) as db:
        yield db


# Closed before the response is sent: a slow client must not hold a connection.
DbDep = Annotated[Db, Depends(get_db, scope="function")]
