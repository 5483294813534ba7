"""The database: MongoDB, by PyMongo's asynchronous client."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from pydantic import AfterValidator
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import ConnectionFailure, PyMongoError
from pymongo.uri_parser import parse_uri

Document = dict[str, Any]
Db = AsyncDatabase[Document]

# Milliseconds for one operation, in which the wait for a connection is included. PyMongo keeps the time
# itself. It must not be cancelled from outside: a cancellation that meets one of its own time-outs can leave
# the lock of its pool held for ever.
TIMEOUT = 1500

UNAVAILABLE = (PyMongoError,)


def is_unavailable(error: Exception) -> bool:
    return isinstance(error, ConnectionFailure) or (isinstance(error, PyMongoError) and error.timeout)


def _check_url(value: str) -> str:
    message = "must be of the form mongodb://host:27017/database"
    if (
        not value.startswith(("mongodb://", "mongodb+srv://"))
        or not value.partition("://")[2].partition("/")[2]
    ):
        raise ValueError(message)
    try:
        if value.startswith("mongodb://"):  # the other would ask a name server for its hosts
            parse_uri(value, warn=False)
    except (PyMongoError, ValueError) as error:
        raise ValueError(f"{message}: {error}") from error
    return value


DatabaseUrl = Annotated[str, AfterValidator(_check_url)]


def create_client(url: str) -> AsyncMongoClient[Document]:
    """Return a client. It connects when first used, and again by itself after an outage."""
    return AsyncMongoClient(
        url,
        timeoutMS=TIMEOUT,
        connectTimeoutMS=TIMEOUT,
        serverSelectionTimeoutMS=TIMEOUT,
        uuidRepresentation="standard",
        tz_aware=True,
        tzinfo=UTC,
    )


@asynccontextmanager
async def database(app: FastAPI) -> AsyncIterator[None]:
    client = create_client(app.state.settings.database_url)
    app.state.database = client.get_default_database()

    async def check() -> None:
        await client.admin.command("ping")

    app.state.health_checks["database"] = check
    yield
    await client.close()


@asynccontextmanager
async def open_db(app: FastAPI) -> AsyncIterator[Db]:
    """Give access to the collections.

    A single MongoDB server has no transactions (a replica set has). What must hold together is therefore one
    document, or is written in an order in which stopping anywhere does no harm.
    """
    yield app.state.database


async def get_db(request: Request) -> Db:
    db: Db = request.app.state.database
    return db


DbDep = Annotated[Db, Depends(get_db)]
