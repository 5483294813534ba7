"""What all documents have in common."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """Return a UUIDv7. Such ids sort by age, so lists need no other order."""
    return uuid7()


class MongoModel(BaseModel):
    """A document as the database holds it."""

    model_config = ConfigDict(validate_by_name=True)

    id: UUID = Field(default_factory=new_id, alias="_id")

    def to_document(self) -> dict[str, Any]:
        return self.model_dump(by_alias=True)
