"""SQLite, by aiosqlite."""

from pathlib import Path
from typing import Any

from pydantic import field_validator
from pydantic_settings import BaseSettings
from sqlalchemy import event, make_url
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from app.gate import Gate

__all__ = ["DatabaseSettings", "create_engine", "create_gates", "insert"]

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
        # SQLite's own knows the letters of ASCII alone.
        connection.create_function("lower", 1, str.lower, deterministic=True)
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


def create_gates() -> tuple[Gate, Gate]:
    """Return the gate of those who read and the gate of those who write.

    SQLite has one writer at a time; waiting for it here is fair and costs no polling.
    """
    return Gate("database", _READERS, _TIMEOUT), Gate("database", 1, _TIMEOUT)
