"""Members of a session, and the documents of events."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field
from pymongo import ASCENDING, IndexModel

from app.activity.agent import current_agent
from app.activity.schemas import EventType
from app.models import MongoModel
from app.schemas import now


class SessionDetails(BaseModel):
    created_at: datetime = Field(default_factory=now)
    last_seen_at: datetime = Field(default_factory=now)
    user_agent: str | None = Field(default_factory=current_agent)


class SecurityEvent(MongoModel):
    user_id: UUID
    type: EventType
    at: datetime = Field(default_factory=now)
    user_agent: str | None


EVENT_INDEXES = [("events", IndexModel([("user_id", ASCENDING), ("_id", ASCENDING)]))]
