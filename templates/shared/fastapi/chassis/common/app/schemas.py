"""What all request and response bodies have in common."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, PlainSerializer
from pydantic.alias_generators import to_camel

RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


class RequestModel(BaseModel):
    """Unknown members are refused, so that a client can never set what it may not (owner, id, counter)."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", validate_by_name=False)


class ResponseModel(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, from_attributes=True, validate_by_name=True)


def _require_rfc3339(value: Any) -> Any:
    # Pydantic alone would also take numbers (seconds since 1970) and dates.
    if not isinstance(value, str) or not RFC3339.fullmatch(value):
        raise ValueError("must be an RFC 3339 time such as 2030-01-31T12:00:00Z")
    return value


def _to_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC).replace(microsecond=value.microsecond // 1000 * 1000)
    except OverflowError:
        raise ValueError("is out of range") from None


def _format(value: datetime) -> str:
    return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")


TimeIn = Annotated[AwareDatetime, BeforeValidator(_require_rfc3339), AfterValidator(_to_utc)]
TimeOut = Annotated[datetime, PlainSerializer(_format, return_type=str)]


def now() -> datetime:
    """Return the time in UTC, to the millisecond: what is stored is what is shown."""
    return _to_utc(datetime.now(UTC))
