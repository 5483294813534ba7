"""PostgreSQL as this project uses it."""

import asyncio
import time

import pytest
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.config import Settings
from app.database import UNAVAILABLE, is_unavailable
from app.engine import DatabaseUrl, create_engine

CHECK = TypeAdapter(DatabaseUrl)


@pytest.mark.parametrize("query", ["", "?sslmode=require", "?sslmode=require&connect_timeout=10"])
def test_urls_with_supported_parameters_are_accepted(query: str) -> None:
    url = f"postgresql://app:p%40ss@db.example:5432/app{query}"
    assert CHECK.validate_python(url) == url


@pytest.mark.parametrize(
    "url",
    ["postgresql://", "postgresql://host", "postgresql:///app", "mysql://host/app", "postgresql://h:x/app"],
)
def test_other_urls_are_rejected(url: str) -> None:
    with pytest.raises(ValidationError, match="must be of the form postgresql://"):
        CHECK.validate_python(url)


def test_unsupported_parameter_is_reported_by_name() -> None:
    with pytest.raises(ValidationError, match="channel_binding"):
        CHECK.validate_python("postgresql://db.example/app?sslmode=require&channel_binding=require")


@pytest.mark.parametrize("query", ["connect_timeout=x", "sslmode=x", "connect_timeout=-1"])
def test_invalid_parameter_value_is_reported_by_name(query: str) -> None:
    with pytest.raises(ValidationError, match=query.partition("=")[0]):
        CHECK.validate_python(f"postgresql://db.example/app?{query}")


async def run(engine: AsyncEngine, statement: str) -> None:
    async with engine.connect() as connection:
        await connection.execute(text(statement))


@pytest.mark.parametrize("query", ["?sslmode=prefer", "?connect_timeout=10"])
async def test_engine_connects_with_these_parameters(settings: Settings, query: str) -> None:
    engine = create_engine(settings.database_url + query)
    await run(engine, "SELECT 1")
    await engine.dispose()


async def test_missing_server_counts_as_an_outage() -> None:
    engine = create_engine("postgresql://app:app@127.0.0.1:1/app")
    with pytest.raises(UNAVAILABLE) as raised:
        await run(engine, "SELECT 1")
    assert is_unavailable(raised.value)


async def test_data_error_does_not_count_as_an_outage(settings: Settings) -> None:
    engine = create_engine(settings.database_url)
    with pytest.raises(UNAVAILABLE) as raised:
        await run(engine, "SELECT 1 / 0")
    assert not is_unavailable(raised.value)
    await engine.dispose()


async def test_hanging_statements_time_out_and_free_their_connections(settings: Settings) -> None:
    engine = create_engine(settings.database_url)
    began = time.monotonic()
    waiting = (run(engine, "SELECT pg_sleep(30)") for _ in range(30))
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert all(isinstance(result, UNAVAILABLE) for result in results)
    assert time.monotonic() - began < 20  # and not three times the 30 s
    await run(engine, "SELECT 1")
    await engine.dispose()


async def test_connections_that_the_server_ended_are_replaced(settings: Settings) -> None:
    end_others = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE pid <> pg_backend_pid() AND datname = current_database()"
    )
    engine, operator = create_engine(settings.database_url), create_engine(settings.database_url)
    await run(engine, "SELECT 1")
    await run(operator, end_others)
    await run(engine, "SELECT 1")
    await engine.dispose()
    await operator.dispose()
