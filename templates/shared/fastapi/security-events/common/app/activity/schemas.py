"""Sessions and events as their owner sees them."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from app.pagination import Page
from app.schemas import ResponseModel, TimeOut

EventType = Literal[
    "account-created",
    "logged-in",
    "password-changed",
    "password-reset",
    "email-changed",
    "session-ended",
    "sessions-ended",
    "role-changed",
    "account-deactivated",
    "account-activated",
]


class SessionOut(ResponseModel):
    id: UUID
    created_at: TimeOut
    last_seen_at: TimeOut
    user_agent: str | None
    current: bool


class SessionList(ResponseModel):
    items: list[SessionOut]


class EventListQuery(Page):
    cursor: UUID | None = Field(None, description="`nextCursor` of the page before: the id of its last one.")


class EventOut(ResponseModel):
    id: UUID
    type: EventType
    at: TimeOut
    user_agent: str | None


class EventPage(ResponseModel):
    items: list[EventOut]
    next_cursor: UUID | None
