"""Pages by cursor: a new item moves nothing to another page."""

from pydantic import BaseModel, Field


class Page(BaseModel):
    """What the queries of all lists have in common. Each list adds its cursor, by what it is sorted by."""

    limit: int = Field(20, ge=1, le=100)
