"""PostgreSQL, by asyncpg."""

from pydantic import field_validator
from pydantic_settings import BaseSettings
from sqlalchemy import make_url
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from app.gate import Gate

__all__ = ["DatabaseSettings", "create_engine", "create_gates", "insert"]

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
    parsed = make_url(url).set(drivername="postgresql+asyncpg")
    if "sslmode" in parsed.query:  # libpq's name, in the URLs of most providers; asyncpg has another
        mode = parsed.query["sslmode"]
        parsed = parsed.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode})
    return create_async_engine(
        parsed,
        pool_size=_CONNECTIONS,
        max_overflow=0,
        pool_pre_ping=True,  # after a restart of the database, old connections are replaced, not used
        connect_args={"timeout": _TIMEOUT},
    )


def create_gates() -> tuple[Gate, Gate]:
    """Return the gate of those who read and the gate of those who write: here one for all."""
    gate = Gate("database", _CONNECTIONS, _TIMEOUT)
    return gate, gate
