"""Ids in request bodies."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, WithJsonSchema


def _parse_id(value: Any) -> UUID | None:
    if isinstance(value, str):
        try:
            return UUID(value)
        except ValueError:
            return None
    raise ValueError("must be a string")


# None is an id that cannot exist. It is looked for like any other, and not found: 404 and not 422.
AnyId = Annotated[UUID | None, BeforeValidator(_parse_id), WithJsonSchema({"type": "string"})]
