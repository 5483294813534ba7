"""Pages of a list in an order that the client chooses."""

import base64
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ModelWrapValidatorHandler, model_validator
from pydantic_core import from_json


class CursorPosition(BaseModel):
    """Where a page ended: what its last item was sorted by, and its id, which decides between equal values.

    The next page begins after that position. Page numbers would not do: an item that is created or deleted
    meanwhile moves the others on, and the client sees one of them twice or misses one.
    """

    model_config = ConfigDict(from_attributes=True)

    id: UUID

    @model_validator(mode="wrap")
    @classmethod
    def _read_cursor(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        if not isinstance(value, str):
            return handler(value)
        try:
            return handler(from_json(base64.urlsafe_b64decode(value + "==")))
        except ValueError:
            raise ValueError("is not a cursor of this list") from None

    @classmethod
    def page_of(cls, items: list[Any], limit: int) -> dict[str, Any]:
        """Return a page. `items` has one more than the limit if there is a next page."""
        next_cursor = None
        if len(items) > limit:
            position = cls.model_validate(items[limit - 1]).model_dump_json()
            next_cursor = base64.urlsafe_b64encode(position.encode()).decode().rstrip("=")
        return {"items": items[:limit], "next_cursor": next_cursor}
