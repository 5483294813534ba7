"""The table of the favourites feature."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Float, Index, Text
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from app.models import Base
from app.schemas import now


class Favorite(Base):
    __tablename__ = "favorites"
    __table_args__ = (
        Index(None, "owner_id", "lat", "lon", unique=True),  # a place once for each user
        Index(None, "owner_id", "id"),  # the list; a UUIDv7 begins with the time
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    owner_id: Mapped[UUID]
    name: Mapped[str | None] = mapped_column(Text)
    country: Mapped[str | None] = mapped_column(Text)
    lat: Mapped[float] = mapped_column(Float(53))
    lon: Mapped[float] = mapped_column(Float(53))
    created_at: Mapped[datetime] = mapped_column(default=now)
