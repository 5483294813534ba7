"""What all documents have in common."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from uuid_utils.compat import uuid7


class MongoModel(BaseModel):
    """A document as the database holds it."""

    model_config = ConfigDict(validate_by_name=True)

    # A UUIDv7 begins with the time, so ids sort by age and lists need no other order.
    id: UUID = Field(default_factory=uuid7, alias="_id")

    def to_document(self) -> dict[str, Any]:
        return self.model_dump(by_alias=True)
