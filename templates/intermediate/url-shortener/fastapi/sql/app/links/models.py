"""Tables of the links feature."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Date, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.orm import Base, UtcDateTime


class LinkRow(Base):
    """A link, or the tombstone of one."""

    __tablename__ = "links"
    __table_args__ = (Index(None, "owner_id", "id"),)  # the list: own links in the order of ids

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    # No foreign key: a tombstone outlives its owner's account, so that its code is never reused.
    owner_id: Mapped[str] = mapped_column(String(36))
    code: Mapped[str] = mapped_column(String(32))
    # The code in lower case: no two codes are equal without regard to case.
    code_key: Mapped[str] = mapped_column(String(32), unique=True)
    url: Mapped[str] = mapped_column(Text)
    enabled: Mapped[bool]
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int]
    clicks: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ClicksRow(Base):
    """The visits of one link on one day from one host; an empty host stands for none."""

    __tablename__ = "link_clicks"

    link_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    host: Mapped[str] = mapped_column(String(253), primary_key=True)
    clicks: Mapped[int] = mapped_column(BigInteger)


class ClickBatchRow(Base):
    """A batch of clicks that has been counted."""

    __tablename__ = "click_batches"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
