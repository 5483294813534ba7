"""Pages by cursor: page 1,000 costs no more than page 1, and a new item moves nothing to another page."""

import base64
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field


def encode_cursor(last_id: UUID) -> str:
    return base64.urlsafe_b64encode(last_id.bytes).decode().rstrip("=")


def _decode(cursor: str) -> UUID:
    return UUID(bytes=base64.urlsafe_b64decode(cursor + "=="))


def _check_cursor(cursor: str) -> str:
    if encode_cursor(_decode(cursor)) != cursor:
        raise ValueError("is not a cursor that was given out")
    return cursor


class Page(BaseModel):
    """Which part of a list: `limit` items, those after the last item of the page before."""

    limit: int = Field(20, ge=1, le=100)
    cursor: Annotated[str, AfterValidator(_check_cursor)] | None = Field(
        None, description="`nextCursor` of the page before."
    )

    @property
    def after(self) -> UUID | None:
        return _decode(self.cursor) if self.cursor else None
