"""Pages by cursor: page 1,000 costs no more than page 1, and a new item moves nothing to another page."""

import base64
from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from pydantic import AfterValidator, BaseModel, BeforeValidator, Field

from app.errors import ProblemException


def encode_cursor(last_id: UUID) -> str:
    return base64.urlsafe_b64encode(last_id.bytes).decode().rstrip("=")


def _decode(cursor: str) -> UUID:
    return UUID(bytes=base64.urlsafe_b64decode(cursor + "=="))


def _check_cursor(cursor: str) -> str:
    if encode_cursor(_decode(cursor)) != cursor:
        raise ValueError("is not a cursor that was given out")
    return cursor


def _check_digits(value: Any) -> Any:
    if isinstance(value, str) and not (
        value.isascii() and value.isdecimal()
    ):  # `int` also takes " 5" and "+5"
        raise ValueError("must be a whole number")
    return value


Number = Annotated[int, BeforeValidator(_check_digits)]
Cursor = Annotated[str, AfterValidator(_check_cursor)]


class Page(BaseModel):
    """Which part of a list: `limit` items, those after the last item of the page before."""

    limit: Number = Field(20, ge=1, le=100)
    cursor: Cursor | None = Field(None, description="`nextCursor` of the page before.")

    @property
    def after(self) -> UUID | None:
        return _decode(self.cursor) if self.cursor else None


class SingleValues:
    """A dependency that refuses a parameter given twice: which of its values is meant would be a guess."""

    def __init__(self, *names: str) -> None:
        self.names = names

    async def __call__(self, request: Request) -> None:
        for name in self.names:
            if len(request.query_params.getlist(name)) > 1:
                errors = [{"field": name, "message": "may be given only once"}]
                raise ProblemException(422, "A parameter was given twice.", errors=errors)
