"""`python -m app.migrate` makes the indexes; harmless when they are there."""

import asyncio

from app.db import Database
from app.indexes import INDEXES
from app.settings import Settings, load_settings


async def _make_indexes(settings: Settings) -> None:
    async with Database(settings) as database, database.writing() as collections:
        for collection, index in INDEXES:
            await collections[collection].create_indexes([index])


def migrate(settings: Settings) -> None:
    """Make what is missing. MongoDB leaves an index alone that is there with the same options."""
    asyncio.run(_make_indexes(settings))


if __name__ == "__main__":
    migrate(load_settings())
