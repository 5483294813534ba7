"""PostgreSQL through asyncpg."""

from typing import Annotated

from pydantic import AfterValidator
from sqlalchemy import URL, DateTime, make_url
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

__all__ = ["insert"]  # with ON CONFLICT, which each dialect has for itself

TIMEOUT = 1.5  # seconds for connecting and for a statement
QUEUE_TIMEOUT = 3  # seconds for a free connection: a burst may take longer than one statement
UtcDateTime = DateTime(timezone=True)
MIGRATION_LOCK = "SELECT pg_advisory_xact_lock(4615)"  # any number will do; only migrations take it
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
# SQLAlchemy makes a DBAPIError of what asyncpg raises, but lets an OSError of the connection through.
UNAVAILABLE = (DBAPIError, PoolTimeoutError, OSError)


def is_unavailable(error: Exception) -> bool:
    """Tell an outage from an error of this application, such as a value that does not fit or a deadlock."""
    if not isinstance(error, DBAPIError):
        return True
    # Classes of SQLSTATE: connection exception, insufficient resources, operator intervention.
    state = getattr(error.orig, "sqlstate", None) or ""
    return error.connection_invalidated or state.startswith(("08", "53", "57"))


def _check_url(value: str) -> str:
    try:
        url = make_url(value)
    except (ArgumentError, ValueError):
        url = URL.create("")
    if url.drivername not in ("postgres", "postgresql") or not url.host or not url.database:
        raise ValueError("must be of the form postgresql://user:password@host:5432/database")
    for name, text in url.query.items():
        if name not in ("sslmode", "connect_timeout"):
            raise ValueError(f"asyncpg does not have the parameter {name}; remove it")
        if not (text in SSL_MODES if name == "sslmode" else str(text).isdecimal()):
            raise ValueError(f"the parameter {name} has a wrong value")
    return value


DatabaseUrl = Annotated[str, AfterValidator(_check_url)]


def create_engine(url: str, timeout: float = TIMEOUT) -> AsyncEngine:
    parsed = make_url(url)
    return create_async_engine(
        parsed.set(drivername="postgresql+asyncpg", query={}),
        connect_args={
            "ssl": parsed.query.get("sslmode", "prefer"),
            "timeout": timeout,  # and not the `connect_timeout` of a hoster: a request is answered before
            "command_timeout": timeout,
        },
        pool_size=10,
        max_overflow=0,
        pool_timeout=QUEUE_TIMEOUT,
        pool_pre_ping=True,  # after a restart of the database, old connections are replaced and not used
        hide_parameters=True,  # an error message is logged, and must hold no e-mail address
    )
