"""Columns of a user."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.users.roles import Role


class UserRole:
    role: Mapped[Role] = mapped_column(String(5), default="user", index=True)
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
