"""The migrations make what the models describe, however often they run."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from app.config import Settings
from app.engine import create_engine
from app.models import Base
from tests.database import migrate


async def differences(settings: Settings) -> list[Any]:
    def compare(connection: Connection) -> list[Any]:
        return list(compare_metadata(MigrationContext.configure(connection), Base.metadata))

    engine = create_engine(settings.database_url)
    async with engine.connect() as connection:
        found = await connection.run_sync(compare)
    await engine.dispose()
    return found


def test_nothing_is_missing_after_the_newest_migration(settings: Settings) -> None:
    migrate(settings)  # again, which changes nothing
    assert asyncio.run(differences(settings)) == []


def test_two_processes_may_migrate_at_once_from_nothing(settings: Settings) -> None:
    command.downgrade(Config("alembic.ini", attributes={"settings": settings}), "base")
    environment = {**os.environ, "APP_ENV": "test", "SECRET_KEY": "x", "DATABASE_URL": settings.database_url}
    environment["CACHE_URL"] = "redis://127.0.0.1:1/0"
    both = [
        subprocess.Popen(
            [sys.executable, "-m", "alembic", "upgrade", "head"],
            cwd=Path(__file__).parent.parent,
            env=environment,
        )
        for _ in range(2)
    ]
    assert [process.wait(60) for process in both] == [0, 0]
    assert asyncio.run(differences(settings)) == []
