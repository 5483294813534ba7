"""The line on which a process that runs cases reports: sealed events over a socket that only the two ends have.

A socket, not a pipe: whoever could open ``/proc/PID/fd`` could open a pipe there once more, and no socket.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

from generator.contract.sealed import BrokenSeal, Seal

_PIECE = 65536


class Reporter:
    """The writing end.

    Args:
        line: the socket.
        key: what the events are sealed with.
    """

    def __init__(self, line: socket.socket, key: str) -> None:
        self._line, self._seal = line, Seal(key)

    def __call__(self, event: str, **members: Any) -> None:
        """Report an event; sent at once, since the next line of a case may end the process."""
        self._line.sendall(self._seal.closed({"event": event, **members}))


class Events:
    """The reading end.

    Attributes:
        ended: whether nothing more can come.
        forged: whether something came that the writing end has not sent, or something of it is missing in between.
    """

    def __init__(self, line: socket.socket, key: str) -> None:
        self._line, self._seal = line, Seal(key)
        self._rest = b""
        self.ended = self.forged = False

    def new(self) -> Iterator[dict[str, Any]]:
        """What has come since the last time, without waiting; nothing after the first forged line."""
        while not self.ended:
            lines = self._received()
            if lines is None:
                return
            for line in lines:
                try:
                    yield self._seal.opened(line)
                except BrokenSeal:
                    self.ended = self.forged = True
                    return

    def _received(self) -> list[bytes] | None:
        """The next whole lines; None while there are none. At the end, half a line is none."""
        try:
            piece = self._line.recv(_PIECE, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return None
        except OSError:
            piece = b""
        self.ended = not piece
        *lines, self._rest = (self._rest + piece).split(b"\n")
        return lines
