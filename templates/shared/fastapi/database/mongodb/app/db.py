"""The database: MongoDB, by PyMongo's asynchronous client."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import pymongo
from bson.codec_options import CodecOptions
from pydantic import field_validator
from pydantic_settings import BaseSettings
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import ConnectionFailure, InvalidURI, PyMongoError
from pymongo.uri_parser import parse_uri

from app.errors import UnavailableError
from app.gate import Gate

Document = dict[str, Any]
Transaction = AsyncDatabase[Document]
"""What repositories work on. The name is that of the SQL choices; here each operation stands
for itself, for a single MongoDB server has no transactions (a replica set has). So what must
hold together is one document or is written in an order in which stopping anywhere does no harm."""

_CONNECTIONS = 20
_TIMEOUT = 1.3  # seconds; a client hears of a database that is stuck within 2
# (while PyMongo knows no server that answers, it looks at the clock only every half second)


class DatabaseSettings(BaseSettings):
    """Where the database is."""

    database_url: str

    @field_validator("database_url")
    @classmethod
    def _mongodb(cls, value: str) -> str:
        msg = "must be of the form mongodb://host:27017/database"
        parts = urlsplit(value)
        if parts.scheme not in {"mongodb", "mongodb+srv"} or not parts.path.strip("/"):
            raise ValueError(msg)
        try:
            if parts.scheme == "mongodb":  # the other would ask a name server for its hosts
                parse_uri(value)
        except InvalidURI as error:
            raise ValueError(msg) from error
        return value


class Database:
    """Opens "transactions", and says "unavailable" in the application's words."""

    def __init__(self, settings: DatabaseSettings) -> None:
        # It connects when first used, and again by itself after an outage.
        self._client: AsyncMongoClient[Document] = AsyncMongoClient(
            settings.database_url,
            maxPoolSize=_CONNECTIONS,
            serverSelectionTimeoutMS=int(_TIMEOUT * 1000),
            connectTimeoutMS=int(_TIMEOUT * 1000),
        )
        options: CodecOptions[Document] = CodecOptions(tz_aware=True, tzinfo=UTC)
        self._database = self._client.get_default_database().with_options(options)
        # PyMongo keeps the time itself, below. It must not be cancelled from outside: a cancellation
        # that meets one of its own time-outs can leave the lock of its pool held for ever.
        self._gate = Gate("database", _CONNECTIONS, None)

    async def __aenter__(self) -> Self:
        """Connect lazily: nothing to do yet."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close all connections."""
        await self._client.close()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        """Give access to the collections."""
        async with self._gate.enter():
            try:
                with pymongo.timeout(_TIMEOUT):  # for all operations of the block together
                    yield self._database
            except PyMongoError as error:
                if error.timeout:
                    raise TimeoutError from error  # the gate tells those who wait
                if isinstance(error, ConnectionFailure):
                    raise UnavailableError("database") from error
                raise

    writing = reading

    async def ping(self) -> None:
        """Raise `UnavailableError` if the database does not answer."""
        async with self.reading() as database:
            await database.command("ping")
