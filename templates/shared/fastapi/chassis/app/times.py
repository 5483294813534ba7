"""Times: milliseconds in UTC inside, RFC 3339 outside."""

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import PlainSerializer, WithJsonSchema

_RFC3339 = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)",
    re.ASCII,
)


def now() -> datetime:
    """Return the present, to the millisecond: what is stored is what is shown."""
    return to_milliseconds(datetime.now(UTC))


def to_milliseconds(moment: datetime) -> datetime:
    """Cut off what is finer than a millisecond."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def format_time(moment: datetime) -> str:
    """Write a time as `YYYY-MM-DDTHH:MM:SS.mmmZ`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_time(value: object) -> datetime:
    """Read an RFC 3339 time with an offset.

    `datetime.fromisoformat` alone would also take `2030-01-01` and `20300101T0000`, which
    the documentation does not promise and other implementations of this API refuse.

    Raises:
        ValueError: for anything else.
    """
    if not isinstance(value, str) or not _RFC3339.fullmatch(value):
        msg = "must be an RFC 3339 time with an offset, such as 2030-01-31T12:00:00Z"
        raise ValueError(msg)
    try:
        return to_milliseconds(datetime.fromisoformat(value.upper()).astimezone(UTC))
    except OverflowError as error:
        msg = "is out of range"
        raise ValueError(msg) from error


Timestamp = Annotated[
    datetime,
    PlainSerializer(format_time, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""A time in an answer."""
