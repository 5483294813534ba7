"""The table of the todos feature."""

from datetime import date, datetime

from sqlalchemy import JSON, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.owned import Owned


class Todo(Owned):
    __tablename__ = "todos"
    # A list is that of one owner. By id it is in the order of age: a UUIDv7 begins with the time.
    __table_args__ = (Index(None, "owner_id", "id"), Index(None, "owner_id", "due_date"))

    title: Mapped[str] = mapped_column(String(200))
    notes: Mapped[str] = mapped_column(Text)
    done: Mapped[bool] = mapped_column(default=False)
    due_date: Mapped[date | None]
    priority: Mapped[str] = mapped_column(String(6))
    tags: Mapped[list[str]] = mapped_column(JSON)
    completed_at: Mapped[datetime | None]
