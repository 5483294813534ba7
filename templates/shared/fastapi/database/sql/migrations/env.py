"""Alembic's entry. It connects as the application does, and never through an option of `alembic.ini`."""

import asyncio

from alembic import context
from sqlalchemy import Connection

from app.config import load_settings
from app.engine import MIGRATION_LOCK, create_engine
from app.models import Base


def run_migrations(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


async def migrate() -> None:
    settings = context.config.attributes.get("settings") or load_settings()
    engine = create_engine(settings.database_url, timeout=60)
    # One transaction around everything: a process that is killed half way leaves nothing behind. A second
    # process waits for the lock and then finds nothing to do.
    async with engine.begin() as connection:
        await connection.exec_driver_sql(MIGRATION_LOCK)
        await connection.run_sync(run_migrations)
    await engine.dispose()


asyncio.run(migrate())
