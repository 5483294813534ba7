"""`python -m app.seed`."""

import pytest
from fastapi import FastAPI

from app import examples
from app.auth.seed import seed_user
from app.config import Settings
from app.database import open_db
from app.favorites.service import list_favorites
from app.seed import PLACES, add_favorites


async def test_there_is_something_to_look_at_and_seeding_again_changes_nothing(
    app: FastAPI, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examples, "load_settings", lambda: settings)
    for _ in range(2):
        await examples.add_examples(add_favorites)
    async with open_db(app) as db:
        favorites = await list_favorites(db, await seed_user(db), None, 100)
    assert [favorite.name for favorite in favorites] == [place.name for place in reversed(PLACES)]
