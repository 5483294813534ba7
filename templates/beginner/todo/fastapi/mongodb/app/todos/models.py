"""Documents of the todos feature."""

from datetime import date, datetime
from typing import Annotated, ClassVar

from pydantic import PlainSerializer
from pymongo import ASCENDING, IndexModel

from app.owned import Owned

# MongoDB has no type for a date without a time. As text it sorts like a date.
DateText = Annotated[date, PlainSerializer(date.isoformat)]


class Todo(Owned):
    collection: ClassVar[str] = "todos"

    title: str
    notes: str
    done: bool = False
    due_date: DateText | None
    priority: str
    tags: list[str]
    completed_at: datetime | None = None


TODO_INDEXES = [
    # A list is that of one owner. By id it is in the order of age: a UUIDv7 begins with the time.
    ("todos", IndexModel([("owner_id", ASCENDING), ("_id", ASCENDING)])),
    ("todos", IndexModel([("owner_id", ASCENDING), ("due_date", ASCENDING)])),
    ("todos", IndexModel([("owner_id", ASCENDING), ("tags", ASCENDING)])),
]
