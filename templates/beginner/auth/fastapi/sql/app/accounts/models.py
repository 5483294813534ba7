"""Tables of sign-ups and mailed tokens."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.models import Base

Purpose = Literal["reset-password", "change-email"]


class PendingUser(Base):
    """Somebody who signed up and has not proven the address."""

    __tablename__ = "pending_users"

    email_key: Mapped[str] = mapped_column(String(254), primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(100))
    password_hash: Mapped[str] = mapped_column(String(255))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class MailedToken(Base):
    __tablename__ = "mailed_tokens"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    # No foreign key: tokens for unknown addresses belong to nobody.
    user_id: Mapped[UUID] = mapped_column(index=True)
    purpose: Mapped[Purpose] = mapped_column(String(20))
    new_email: Mapped[str | None] = mapped_column(String(254))
    expires_at: Mapped[datetime] = mapped_column(index=True)
