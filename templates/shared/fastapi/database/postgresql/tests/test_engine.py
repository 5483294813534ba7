"""PostgreSQL as this project uses it."""

import asyncio
import time

import pytest
from sqlalchemy import text

from app.db import Database, DatabaseSettings
from app.errors import UnavailableError
from app.settings import Settings


def test_a_url_with_host_and_database_is_accepted() -> None:
    url = "postgresql://app:p%40ss@db.example:5432/app?sslmode=require"
    assert DatabaseSettings(database_url=url).database_url == url


@pytest.mark.parametrize(
    "url",
    ["postgresql://", "postgresql://host", "postgresql:///app", "mysql://host/app", "postgresql://h:x/app"],
)
def test_anything_else_is_not(url: str) -> None:
    with pytest.raises(ValueError, match="must be of the form postgresql://"):
        DatabaseSettings(database_url=url)


async def test_the_sslmode_of_a_provider_is_understood(settings: Settings) -> None:
    url = f"{settings.database_url}?sslmode=prefer"
    async with Database(settings.model_copy(update={"database_url": url})) as database:
        await database.ping()


async def test_a_server_that_is_not_there_is_unavailable(settings: Settings) -> None:
    url = "postgresql://app:app@127.0.0.1:1/app"
    async with Database(settings.model_copy(update={"database_url": url})) as database:
        with pytest.raises(UnavailableError):
            await database.ping()


async def test_a_crowd_hears_of_a_stuck_server_in_time_and_goes_on_after_it(settings: Settings) -> None:
    async with Database(settings) as database:

        async def work(seconds: float) -> None:
            async with database.reading() as session:
                await session.execute(text("SELECT pg_sleep(:seconds)"), {"seconds": seconds})

        began = time.monotonic()
        results = await asyncio.gather(*(work(30) for _ in range(30)), return_exceptions=True)
        assert all(isinstance(result, UnavailableError) for result in results)
        assert time.monotonic() - began < 2.5
        await work(0)


async def test_connections_that_the_server_ended_are_replaced(settings: Settings) -> None:
    end_others = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE pid <> pg_backend_pid() AND datname = current_database()"
    )
    async with Database(settings) as database, Database(settings) as operator:
        await database.ping()
        async with operator.reading() as session:
            await session.execute(end_others)
        await database.ping()
