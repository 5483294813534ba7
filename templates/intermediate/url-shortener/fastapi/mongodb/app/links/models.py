"""Documents of the links feature."""

from datetime import datetime
from uuid import UUID

from pydantic import Field
from pymongo import ASCENDING, DESCENDING, IndexModel

from app.models import MongoModel
from app.schemas import now


class Link(MongoModel):
    """A short link. A deleted one has no owner and no URL: only its code stays, and is not reused."""

    owner_id: UUID | None
    code: str
    code_key: str
    """The code in lower case: no two codes are equal without regard to case."""
    url: str | None
    enabled: bool = True
    expires_at: datetime | None
    version: int = 1
    clicks: int = 0
    created_at: datetime = Field(default_factory=now)
    updated_at: datetime = Field(default_factory=now)


LINK_INDEXES = [
    ("links", IndexModel([("code_key", ASCENDING)], unique=True)),
    ("links", IndexModel([("owner_id", ASCENDING), ("_id", DESCENDING)])),
    ("link_clicks", IndexModel([("link_id", ASCENDING), ("day", ASCENDING)])),
]
