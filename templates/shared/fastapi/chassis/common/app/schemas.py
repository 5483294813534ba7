"""What all request and response bodies have in common."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, PlainSerializer
from pydantic.alias_generators import to_camel


class RequestModel(BaseModel):
    """Unknown members are refused, so that a client can never set what it may not (owner, id, counter)."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", validate_by_name=False)


class ResponseModel(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, from_attributes=True, validate_by_name=True)


def _format(value: datetime) -> str:
    return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")


TimeOut = Annotated[datetime, PlainSerializer(_format, return_type=str)]


def now() -> datetime:
    """Return the time in UTC, to the millisecond: what is stored is what is shown."""
    time = datetime.now(UTC)
    return time.replace(microsecond=time.microsecond // 1000 * 1000)
