"""PostgreSQL by asyncpg."""

from typing import Annotated

from pydantic import AfterValidator
from sqlalchemy import URL, DateTime, make_url
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

__all__ = ["MIGRATION_LOCK", "DatabaseUrl", "UtcDateTime", "create_engine", "insert"]

TIMEOUT = 1.5  # seconds for connecting and for a statement
QUEUE_TIMEOUT = 3  # seconds for a free connection: a burst may take longer than one statement
UtcDateTime = DateTime(timezone=True)
MIGRATION_LOCK = "SELECT pg_advisory_xact_lock(4615)"  # any number will do; only migrations take it


def _check_url(value: str) -> str:
    try:
        url = make_url(value)
    except (ArgumentError, ValueError):
        url = URL.create("")
    if url.drivername not in ("postgres", "postgresql") or not url.host or not url.database:
        raise ValueError("must be of the form postgresql://user:password@host:5432/database")
    for name in url.query.keys() - {"sslmode", "connect_timeout"}:
        raise ValueError(f"asyncpg does not have the parameter {name}; remove it")
    return value


DatabaseUrl = Annotated[str, AfterValidator(_check_url)]


def create_engine(url: str, timeout: float = TIMEOUT) -> AsyncEngine:
    parsed = make_url(url)
    connect_args = {
        "timeout": min(timeout, float(str(parsed.query.get("connect_timeout", timeout)))),
        "command_timeout": timeout,
        "ssl": parsed.query.get("sslmode", "prefer"),
    }
    return create_async_engine(
        parsed.set(drivername="postgresql+asyncpg", query={}),
        pool_size=10,
        max_overflow=0,
        pool_timeout=QUEUE_TIMEOUT,
        pool_pre_ping=True,  # after a restart of the database, old connections are replaced and not used
        connect_args=connect_args,
    )
