"""`python -m app.seed` adds some favourites, to have something to look at; safe to run twice."""

import asyncio
from uuid import UUID

from fastapi import HTTPException

from app.database import Db
from app.examples import add_examples
from app.favorites.service import create_favorite
from app.weather.schemas import Location

PLACES = [
    Location(name="Berlin", country="Germany", lat=52.52, lon=13.41),
    Location(name="Nairobi", country="Kenya", lat=-1.28, lon=36.82),
    Location(name="Tokyo", country="Japan", lat=35.69, lon=139.69),
]


async def add_favorites(db: Db, owner_id: UUID) -> None:
    for place in PLACES:
        try:
            await create_favorite(db, owner_id, place)
            print(f"{place.name} is a favourite now")
        except HTTPException as error:
            if error.status_code != 409:
                raise
            print(f"{place.name} is a favourite already")


if __name__ == "__main__":
    asyncio.run(add_examples(add_favorites))
