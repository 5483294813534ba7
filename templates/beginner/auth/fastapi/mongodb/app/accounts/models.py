"""Documents of sign-ups and mailed tokens."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pymongo import ASCENDING, IndexModel

Purpose = Literal["reset-password", "change-email"]


class PendingUser(BaseModel):
    """Somebody who signed up and has not proven the address."""

    model_config = ConfigDict(validate_by_name=True)

    email_key: str = Field(alias="_id")
    email: str
    name: str
    password_hash: str
    token_hash: str
    expires_at: datetime


class MailedToken(BaseModel):
    model_config = ConfigDict(validate_by_name=True)

    token_hash: str = Field(alias="_id")
    user_id: UUID
    """Of tokens for unknown addresses it is nobody's."""
    purpose: Purpose
    new_email: str | None
    expires_at: datetime


PENDING_INDEXES = [
    ("pending_users", IndexModel([("token_hash", ASCENDING)], unique=True)),
    ("mailed_tokens", IndexModel([("user_id", ASCENDING)])),
    # MongoDB itself clears away what has expired.
    ("pending_users", IndexModel([("expires_at", ASCENDING)], expireAfterSeconds=0)),
    ("mailed_tokens", IndexModel([("expires_at", ASCENDING)], expireAfterSeconds=0)),
]
