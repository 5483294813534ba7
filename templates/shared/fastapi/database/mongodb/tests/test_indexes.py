"""Every look-up has its index, and uniqueness is the database's to enforce."""

from app.db import Database
from app.indexes import INDEXES
from app.migrate import migrate
from app.settings import Settings


async def test_the_indexes_are_there(settings: Settings) -> None:
    async with Database(settings) as database, database.reading() as collections:
        for name, index in INDEXES:
            made = await collections[name].index_information()
            assert index.document["name"] in made
            assert made[index.document["name"]].get("unique", False) == index.document.get("unique", False)


def test_migrating_again_changes_nothing(settings: Settings) -> None:
    migrate(settings)
