"""The migrations make what the models describe."""

from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from app.engine import create_engine
from app.migrate import migrate
from app.orm import Base
from app.settings import Settings


async def test_nothing_is_missing_after_the_newest_migration(settings: Settings) -> None:
    def differences(connection: Connection) -> list[Any]:
        return list(compare_metadata(MigrationContext.configure(connection), Base.metadata))

    engine = create_engine(settings.database_url)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


def test_migrating_again_changes_nothing(settings: Settings) -> None:
    migrate(settings)


def test_every_migration_can_be_taken_back(settings: Settings) -> None:
    config = Config("alembic.ini", attributes={"settings": settings})
    command.downgrade(config, "base")
    command.upgrade(config, "head")
