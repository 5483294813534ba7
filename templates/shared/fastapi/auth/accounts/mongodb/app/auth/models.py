"""Documents of the accounts."""

from datetime import datetime
from uuid import UUID

from pydantic import Field
from pymongo import ASCENDING, IndexModel

from app.models import MongoModel
from app.schemas import now


class User(MongoModel):
    email: str
    email_key: str
    name: str
    password_hash: str
    created_at: datetime = Field(default_factory=now)


class UserSession(MongoModel):
    """The time for which a user is signed in on one device."""

    user_id: UUID
    secret: str
    """What the client has to present: the id of its refresh token, or the secret in its cookie (hashed)."""
    expires_at: datetime

    user: User = Field(exclude=True)


ACCOUNT_INDEXES = [
    ("users", IndexModel([("email_key", ASCENDING)], unique=True)),
    ("sessions", IndexModel([("user_id", ASCENDING)])),
    # MongoDB itself clears away what has expired.
    ("sessions", IndexModel([("expires_at", ASCENDING)], expireAfterSeconds=0)),
]
