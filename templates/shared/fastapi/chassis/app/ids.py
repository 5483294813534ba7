"""UUIDv7 (RFC 9562): ids that sort by the time they were made."""

import secrets
import threading
import time
import uuid

_lock = threading.Lock()
_last = 0


def new_id() -> str:
    """Return a UUIDv7, larger than every earlier one of this process.

    Lists are ordered by id. With plain random bits after the millisecond, two links made
    in the same millisecond would be listed in either order; counting on from the last id
    keeps "newest first" true.
    """
    global _last  # noqa: PLW0603
    with _lock:
        fresh = (time.time_ns() // 1_000_000) << 74 | secrets.randbits(73)
        _last = max(fresh, _last + 1)
        return _format(_last)


def first_id_at(seconds: float) -> str:
    """Return an id before all that are made from this moment on (in seconds since 1970)."""
    return _format(int(seconds * 1000) << 74)


def _format(value: int) -> str:
    milliseconds, high, low = value >> 74, (value >> 62) & 0xFFF, value & (1 << 62) - 1
    return str(uuid.UUID(int=milliseconds << 80 | 7 << 76 | high << 64 | 2 << 62 | low))


def is_id(text: str) -> bool:
    """Tell whether the text has the one spelling that `new_id` gives out."""
    try:
        return len(text) == 36 and str(uuid.UUID(text)) == text
    except ValueError:
        return False
