"""Who owns what `python -m app.seed` makes."""

from app.db import Database


async def seed_user(database: Database) -> str:  # noqa: ARG001
    """Return the id of the local user."""
    return "local"
