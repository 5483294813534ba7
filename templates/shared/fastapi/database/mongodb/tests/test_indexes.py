"""Every look-up has its index, and the database enforces uniqueness."""

import pytest
from fastapi import FastAPI
from pydantic import TypeAdapter, ValidationError

from app.config import Settings
from app.database import DatabaseUrl, open_db
from app.migrate import INDEXES, migrate


async def test_migrating_twice_creates_the_indexes_once(app: FastAPI, settings: Settings) -> None:
    await migrate(settings)
    async with open_db(app) as db:
        for name, index in INDEXES:
            made = await db[name].index_information()
            assert index.document["name"] in made
            assert made[index.document["name"]].get("unique", False) == index.document.get("unique", False)


@pytest.mark.parametrize(
    "url",
    ["mongodb://127.0.0.1:27017/app", "mongodb+srv://app:p@cluster.example/app?retryWrites=true&w=majority"],
)
def test_valid_urls_are_accepted(url: str) -> None:
    assert TypeAdapter(DatabaseUrl).validate_python(url) == url


@pytest.mark.parametrize("url", ["mongodb://", "mongodb://host", "mongodb://host:x/app", "mysql://host/app"])
def test_invalid_urls_are_rejected(url: str) -> None:
    with pytest.raises(ValidationError, match="must be of the form mongodb://"):
        TypeAdapter(DatabaseUrl).validate_python(url)
