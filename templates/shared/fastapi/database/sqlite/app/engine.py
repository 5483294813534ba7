"""SQLite through aiosqlite."""

import sqlite3
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import DateTime, Dialect, event, make_url
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.types import TypeDecorator

__all__ = ["insert"]  # with ON CONFLICT, which each dialect has for itself

# Seconds to wait for whoever writes, or for a free connection. A file is never away, and whoever holds its
# lock is about to let go, so to wait is better than a 503.
TIMEOUT = 5
MIGRATION_LOCK = "BEGIN IMMEDIATE"
UNAVAILABLE = (OperationalError, PoolTimeoutError)

DatabaseUrl = Annotated[str, Field(pattern=r"^sqlite:///[^?]+$", examples=["sqlite:///./data/app.db"])]


class UtcDateTime(TypeDecorator[datetime]):
    """A time in UTC: SQLite itself has no time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return value and value.replace(tzinfo=UTC)


def is_unavailable(error: Exception) -> bool:
    """Tell a locked or unreadable file from an error of this application, such as a missing table."""
    return getattr(getattr(error, "orig", None), "sqlite_errorcode", None) != sqlite3.SQLITE_ERROR


def create_engine(url: str, timeout: float = TIMEOUT) -> AsyncEngine:
    """Return an engine for the file; its folder is made if need be."""
    parsed = make_url(url).set(drivername="sqlite+aiosqlite")
    Path(str(parsed.database)).parent.mkdir(parents=True, exist_ok=True)
    # IMMEDIATE: a transaction takes the write lock before its first change and waits for it. By default it
    # would take the lock later and fail at once ("database is locked") when another connection wrote in
    # between.
    connect_args = {"timeout": timeout, "isolation_level": "IMMEDIATE"}
    engine = create_async_engine(
        parsed, connect_args=connect_args, pool_timeout=timeout, hide_parameters=True
    )

    @event.listens_for(engine.sync_engine, "connect")
    def configure(connection: Any, _: Any) -> None:
        # SQLite's own `lower` knows ASCII only. NULL stays NULL.
        connection.create_function("lower", 1, lambda text: text and text.lower(), deterministic=True)
        cursor = connection.cursor()
        with suppress(sqlite3.OperationalError):  # another process is doing the same
            cursor.execute("PRAGMA journal_mode = WAL")  # readers and the writer do not wait for each other
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    return engine
