"""Documents of the favourites feature."""

from datetime import datetime
from uuid import UUID

from pydantic import Field
from pymongo import ASCENDING, IndexModel

from app.models import MongoModel
from app.schemas import now


class Favorite(MongoModel):
    owner_id: UUID
    name: str | None
    country: str | None
    lat: float
    lon: float
    created_at: datetime = Field(default_factory=now)


FAVORITE_INDEXES = [
    # A place once for each user.
    (
        "favorites",
        IndexModel([("owner_id", ASCENDING), ("lat", ASCENDING), ("lon", ASCENDING)], unique=True),
    ),
    # The list; a UUIDv7 begins with the time.
    ("favorites", IndexModel([("owner_id", ASCENDING), ("_id", ASCENDING)])),
]
