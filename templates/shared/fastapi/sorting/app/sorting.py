"""Pages of a list in an order that the client chooses."""

import base64
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class Place(BaseModel):
    """Where a page ended: what its last item was sorted by, and its id, which decides between equal values.

    The next page begins behind that place. Page numbers would not do: an item that is created or deleted
    meanwhile moves the others on, and the client sees one of them twice or misses one.
    """

    model_config = ConfigDict(from_attributes=True)

    id: UUID

    @classmethod
    def cursor_of(cls, item: Any) -> str:
        place = cls.model_validate(item).model_dump_json()
        return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")

    @classmethod
    def page_of(cls, items: list[Any], limit: int) -> dict[str, Any]:
        """Return a page. `items` has one more than the limit if there is a next page."""
        more = len(items) > limit
        return {"items": items[:limit], "next_cursor": cls.cursor_of(items[limit - 1]) if more else None}

    @classmethod
    def from_cursor(cls, cursor: str) -> Self:
        try:
            return cls.model_validate_json(base64.urlsafe_b64decode(cursor + "=="))
        except ValueError:  # of Pydantic, too
            raise ValueError("is not a cursor of this list") from None
