"""The database, by SQLAlchemy. What is special about this one is in `app/engine.py`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.engine import UNAVAILABLE, create_engine, is_unavailable

__all__ = ["UNAVAILABLE", "Db", "DbDep", "database", "is_unavailable", "open_db"]

Db = AsyncSession


@asynccontextmanager
async def database(app: FastAPI) -> AsyncIterator[None]:
    """Keep a pool of connections, made when first used: the process starts without the database."""
    engine = create_engine(app.state.settings.database_url)
    app.state.session_factory = async_sessionmaker(engine, expire_on_commit=False)

    async def check() -> None:
        async with engine.connect() as connection:
            await connection.execute(text("SELECT 1"))

    app.state.health_checks["database"] = check
    yield
    await engine.dispose()


def open_db(app: FastAPI) -> Db:
    session_factory: async_sessionmaker[Db] = app.state.session_factory
    return session_factory()


async def get_db(request: Request) -> AsyncIterator[Db]:
    async with open_db(request.app) as db:
        yield db


# Closed before the response is sent: a slow client must not hold a connection.
DbDep = Annotated[Db, Depends(get_db, scope="function")]
