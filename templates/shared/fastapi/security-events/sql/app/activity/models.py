"""Columns of a session, and the table of events."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from app.activity.agent import MAX_LENGTH, current_agent
from app.activity.schemas import EventType
from app.models import Base
from app.schemas import now


class SessionDetails:
    created_at: Mapped[datetime] = mapped_column(default=now)
    last_seen_at: Mapped[datetime] = mapped_column(default=now)
    user_agent: Mapped[str | None] = mapped_column(String(MAX_LENGTH), default=current_agent)


class SecurityEvent(Base):
    __tablename__ = "security_events"
    __table_args__ = (Index(None, "user_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    type: Mapped[EventType] = mapped_column(String(30))
    at: Mapped[datetime] = mapped_column(default=now)
    user_agent: Mapped[str | None] = mapped_column(String(MAX_LENGTH))
