"""The migrations make what the models describe, however often they run."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.config import Settings
from app.database import is_unavailable, open_db
from tests.database import migrate

PROJECT = Path(__file__).parent.parent


def alembic(settings: Settings, *arguments: str, folder: Path = PROJECT) -> subprocess.Popen[bytes]:
    """Start Alembic in a process of its own, where nobody else has imported the models."""
    environment = {**os.environ, "APP_ENV": "test", "SECRET_KEY": "x", "DATABASE_URL": settings.database_url}
    environment |= {"CACHE_URL": "redis://127.0.0.1:1/0", "PYTHONPATH": str(PROJECT)}
    return subprocess.Popen([sys.executable, "-m", "alembic", *arguments], cwd=folder, env=environment)


def test_migrations_match_the_models(settings: Settings) -> None:
    migrate(settings)  # again, which changes nothing
    assert alembic(settings, "check").wait(60) == 0


def test_two_processes_can_migrate_at_the_same_time(settings: Settings) -> None:
    command.downgrade(Config("alembic.ini", attributes={"settings": settings}), "base")
    both = [alembic(settings, "upgrade", "head") for _ in range(2)]
    assert [process.wait(60) for process in both] == [0, 0]
    assert alembic(settings, "check").wait(60) == 0


def test_a_generated_migration_makes_all_tables(settings: Settings, tmp_path: Path) -> None:
    shutil.copy(PROJECT / "alembic.ini", tmp_path)
    shutil.copytree(PROJECT / "migrations", tmp_path / "migrations", ignore=shutil.ignore_patterns("0*.py"))
    command.downgrade(Config("alembic.ini", attributes={"settings": settings}), "base")
    for command_line in ("revision --autogenerate -m all", "upgrade head", "check", "downgrade base"):
        assert alembic(settings, *command_line.split(), folder=tmp_path).wait(60) == 0, command_line
    migrate(settings)


async def test_application_error_is_no_outage_and_its_message_has_no_values(app: FastAPI) -> None:
    async with open_db(app) as db:
        with pytest.raises(DBAPIError) as raised:
            await db.execute(
                text("SELECT id FROM nothing WHERE email = :email"), {"email": "ann@example.com"}
            )
    assert not is_unavailable(raised.value)
    assert "ann@example.com" not in str(raised.value)
