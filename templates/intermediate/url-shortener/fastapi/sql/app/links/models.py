"""Tables of the links feature."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from app.models import Base
from app.schemas import now


class Link(Base):
    """A short link. A deleted one has no owner and no URL: only its code stays, and is not reused."""

    __tablename__ = "links"
    __table_args__ = (Index(None, "owner_id", "id"),)  # own links by age: a UUIDv7 begins with the time

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    owner_id: Mapped[UUID | None]
    code: Mapped[str] = mapped_column(String(32))
    # The code in lower case: no two codes are equal without regard to case.
    code_key: Mapped[str] = mapped_column(String(32), unique=True)
    url: Mapped[str | None] = mapped_column(Text)
    enabled: Mapped[bool] = mapped_column(default=True)
    expires_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    clicks: Mapped[int] = mapped_column(BigInteger, default=0)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)


class LinkClicks(Base):
    """The visits of one link on one day from one host; an empty host stands for none."""

    __tablename__ = "link_clicks"

    link_id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    host: Mapped[str] = mapped_column(String(253), primary_key=True)
    clicks: Mapped[int] = mapped_column(BigInteger)


class ClickBatch(Base):
    """A batch of clicks that was counted, known for an hour."""

    __tablename__ = "click_batches"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    written_at: Mapped[datetime] = mapped_column(default=now, index=True)
