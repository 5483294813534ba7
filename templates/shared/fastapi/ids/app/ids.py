"""Ids in request bodies."""

from contextlib import suppress
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, WithJsonSchema


def _to_uuid(value: Any) -> UUID | None:
    if not isinstance(value, str):
        raise ValueError("must be a string")  # noqa: TRY004 - Pydantic handles no TypeError
    with suppress(ValueError):
        return UUID(value)
    return None  # nothing has this id: 404 as for any other that does not exist, and not 422


AnyId = Annotated[UUID | None, BeforeValidator(_to_uuid), WithJsonSchema({"type": "string"})]
