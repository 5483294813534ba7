"""Lines that only the holder of a key can have written, in the order in which they were written.

Each line carries an HMAC of its number and its text. So one that is forged, altered, sent again, left out or moved is
noticed: it, or the next one, does not fit.
"""

from __future__ import annotations

import hmac
import json
import secrets
from typing import Any

_DIGEST = "sha256"
_KEY_BYTES = 32


class BrokenSeal(Exception):
    """A line that the holder of the key has not written at this place."""


def new_key() -> str:
    """A fresh key."""
    return secrets.token_hex(_KEY_BYTES)


class Seal:
    """One end of a sealed stream; the other one has the same key.

    Args:
        key: as :func:`new_key` makes it.
    """

    def __init__(self, key: str) -> None:
        self._key = bytes.fromhex(key)
        self._number = 0

    def closed(self, event: dict[str, Any]) -> bytes:
        """An event as the next line."""
        text = json.dumps(event).encode()
        return self._mac(text) + b" " + text + b"\n"

    def opened(self, line: bytes) -> dict[str, Any]:
        """The event of the next line, which comes without its line break.

        Raises:
            BrokenSeal: it is not the line that was written next.
        """
        mac, _, text = line.partition(b" ")
        if not hmac.compare_digest(mac, self._mac(text)):
            raise BrokenSeal
        event: dict[str, Any] = json.loads(text)
        return event

    def _mac(self, text: bytes) -> bytes:
        """The HMAC of the next line; it depends on all that decides what the line means."""
        number, self._number = self._number, self._number + 1
        return hmac.new(self._key, number.to_bytes(8, "big") + text, _DIGEST).hexdigest().encode()
