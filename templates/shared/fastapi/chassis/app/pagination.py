"""Lists in pages, by cursor: page 1,000 costs no more than page 1, and a new item shifts nothing."""

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Annotated

from fastapi import Query, Request
from pydantic import BeforeValidator

from app.errors import InvalidError
from app.ids import is_id


def _digits(value: object) -> object:
    # `int` would also take " 5", "+5" and digits of other scripts.
    if isinstance(value, str) and not re.fullmatch(r"[0-9]{1,3}", value):
        msg = "must be a whole number of at most three digits"
        raise ValueError(msg)
    return value


SmallNumber = Annotated[int, BeforeValidator(_digits)]
"""A query parameter of one to three ASCII digits."""


def refuse_repeats(request: Request, *names: str) -> None:
    """Refuse a parameter given twice: which of the two is meant, proxies and servers differ on."""
    repeated = [name for name in names if len(request.query_params.getlist(name)) > 1]
    if repeated:
        raise InvalidError([(name, "may be given only once") for name in repeated])


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list to give: `limit` items, after (older than) the item with the id `after`."""

    limit: int
    after: str | None


async def page(
    request: Request,
    limit: Annotated[SmallNumber, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, Query(description="`nextCursor` of the page before.")] = None,
) -> Page:
    """Read `limit` and `cursor`."""
    refuse_repeats(request, "limit", "cursor")
    return Page(limit, None if cursor is None else decode_cursor(cursor))


def encode_cursor(last_id: str) -> str:
    """Hide the last id, so that clients do not come to rely on it."""
    return base64.urlsafe_b64encode(last_id.encode()).decode().rstrip("=")


def decode_cursor(cursor: str) -> str:
    """Return the id in a cursor of ours, and refuse any other with 422."""
    try:
        last_id = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        last_id = ""
    if not is_id(last_id) or encode_cursor(last_id) != cursor:
        raise InvalidError([("cursor", "is not a cursor that was given out")])
    return last_id
