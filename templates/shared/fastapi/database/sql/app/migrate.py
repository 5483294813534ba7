"""`python -m app.migrate` brings the database to the newest revision."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from app.settings import Settings, load_settings

_MIGRATIONS = Path(__file__).parent.parent / "migrations"


def migrate(settings: Settings) -> None:
    """Apply what is missing; harmless when nothing is."""
    config = Config(attributes={"settings": settings})
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("path_separator", "os")
    command.upgrade(config, "head")


if __name__ == "__main__":
    migrate(load_settings())
