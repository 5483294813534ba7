"""Alembic's entry: connects the way the application does."""

import asyncio

from alembic import context
from sqlalchemy import Connection

from app.engine import create_engine
from app.orm import Base
from app.settings import load_settings


def _run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


async def _migrate() -> None:
    settings = context.config.attributes.get("settings") or load_settings()
    engine = create_engine(settings.database_url)
    async with engine.begin() as connection:
        await connection.run_sync(_run)
    await engine.dispose()


asyncio.run(_migrate())
