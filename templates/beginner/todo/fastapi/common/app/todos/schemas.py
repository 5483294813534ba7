"""Bodies and queries of the todos feature."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, StrictBool, StringConstraints, WithJsonSchema

from app.dates import DateIn
from app.ids import AnyId
from app.pagination import Page
from app.schemas import RequestModel, ResponseModel, TimeOut
from app.sorting import CursorPosition

MAX_TAGS = 10
NO_NUL = r"^[^\x00]*$"  # PostgreSQL stores no NUL character
NO_CONTROL_CHARACTERS = r"^[^\x00-\x1f\x7f-\x9f]*$"

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=NO_NUL)]
Notes = Annotated[str, Field(max_length=5000, pattern=NO_NUL)]
Priority = Literal["low", "normal", "high"]
Tag = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=30, pattern=NO_CONTROL_CHARACTERS)
]
Tags = Annotated[list[Tag], AfterValidator(lambda tags: [*dict.fromkeys(tags)]), Field(max_length=MAX_TAGS)]


class TodoCreate(RequestModel):
    title: Title
    notes: Notes = ""
    due_date: DateIn | None = None
    priority: Priority = "normal"
    tags: Tags = Field(default_factory=list)


class TodoUpdate(RequestModel):
    """What is not sent stays as it is. Only `dueDate` may be null."""

    # These values are never used: what is not sent is not changed. `None` would not do: the client could then
    # send null. They come from factories, since OpenAPI would show a default.
    title: Title = Field(default_factory=str)
    notes: Notes = Field(default_factory=str)
    done: StrictBool = Field(default_factory=bool)
    due_date: DateIn | None = None
    priority: Priority = Field(default_factory=lambda: "normal")
    tags: Tags = Field(default_factory=list)


class TodoIds(RequestModel):
    ids: set[AnyId] = Field(min_length=1, max_length=100)  # repeated ones count once


class TodoPosition(CursorPosition):
    due_date: date | None
    priority: Priority


class TodoListQuery(Page):
    cursor: Annotated[TodoPosition, WithJsonSchema({"type": "string"})] | None = None
    done: Literal["true", "false"] | None = None  # `bool` would also take "yes" and "1"
    priority: Priority | None = None
    tag: Tag | None = None
    due_before: DateIn | None = Field(None, alias="dueBefore")
    q: str | None = Field(None, max_length=200, pattern=NO_NUL)
    sort: Literal["createdAt", "-createdAt", "dueDate", "-dueDate", "priority", "-priority"] = "-createdAt"


class TodoOut(ResponseModel):
    id: UUID
    title: str
    notes: str
    done: bool
    due_date: date | None
    priority: Priority
    tags: list[str]
    created_at: TimeOut
    updated_at: TimeOut
    completed_at: TimeOut | None


class TodoList(ResponseModel):
    items: list[TodoOut]


class TodoPage(TodoList):
    next_cursor: str | None
