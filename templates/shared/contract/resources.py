"""What is sent to every collection and its items, whatever the idea: pages, wrong limits and cursors, ids, ETags."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from typing import Any

STRONG = re.compile(r'"[\x21\x23-\x7e]+"')

UNKNOWN_IDS = ("11111111-2222-4333-8444-555555555555", "01890000-0000-7000-8000-000000000000", "f" * 24)
MALFORMED_IDS = (
    "1",
    "0",
    "-1",
    "x",
    "null",
    "undefined",
    "[object%20Object]",
    "'%20OR%20'1'='1",
    "%22",
    "%7B%22$gt%22:%22%22%7D",
    "x" * 3000,
    "01890000-0000-7000-8000-00000000000g",
    "%F0%9F%98%80",
    "1e400",
)

BAD_LIMITS = (
    "0",
    "101",
    "-1",
    "abc",
    "",
    "1.5",
    "1e1",
    "0x10",
    "10000000000000000000000",
    "null",
    "1,2",
    "5'",
)
_ENCODED = (b"x", b"1", b"' OR 1=1 --", b'{"$gt":""}', b"null", b"\xff\xfe", b"\x00", b"9" * 400)
BAD_CURSORS = (
    *("", "x", "!!!", "' OR '1'='1", "%00", "null", "[]", "\u0661", "a" * 5000),
    *(base64.urlsafe_b64encode(raw).decode().rstrip("=") for raw in _ENCODED),
)
# Query strings that break percent encoding, UTF-8 or the form itself.
JUNK_QUERIES = (
    "q=%ff%fe",
    "q=%",
    "q=%zz",
    "q=%c0%af",
    "&&&",
    "=",
    "q",
    "limit=%ff",
    "cursor=%ff",
    "q=%ed%a0%80",
    "a" * 3000,
)


def ids(items: Iterable[dict[str, Any]]) -> list[str]:
    """The ids of a page."""
    return [item["id"] for item in items]


def pages_of(client: Any, collection: str, **params: Any) -> Iterator[list[dict[str, Any]]]:
    """The pages of a list, following ``nextCursor``; refuses to go on for ever."""
    cursor: dict[str, str] = {}
    for _ in range(100):
        response = client.get(collection, params={**params, **cursor})
        assert response.status_code == 200, f"{response.status_code} {response.text[:300]}"
        page = response.json()
        yield page["items"]
        if page["nextCursor"] is None:
            return
        cursor = {"cursor": page["nextCursor"]}
    raise AssertionError("the cursor walk did not end after 100 pages")
