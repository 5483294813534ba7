"""What a server writes goes to a file as it is, and to the terminal as people read it."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

from generator.runtime.readable import Readable, parsed, request_of

DRAIN_SECONDS = 3.0
OWN_SECONDS = 60.0
CHUNK = 65_536
LONGEST_LINE = 1_000_000


class Relay:
    """A pipe for a server's outputs, and a thread that empties it.

    Attributes:
        log: the file that keeps everything.
    """

    def __init__(self, log: Path, show: Callable[[str], None], readable: Readable) -> None:
        """Open the pipe; a log of an earlier run is replaced.

        Args:
            log: the file.
            show: prints text for people.
            readable: makes it out of a line.
        """
        self.log = log
        self._show = show
        self._readable = readable
        self._own: dict[str, list[float]] = {}
        self._reading, self.end = os.pipe()
        self._file = log.open("wb")
        self._thread = threading.Thread(target=self._run, daemon=True)

    def begin(self) -> None:
        """Read on until every process that has the pipe's end is gone; called when the server has been started."""
        os.close(self.end)
        self._thread.start()

    def expect(self, path: str) -> None:
        """Leave out one line of a GET that comes within a minute: it is our own, asked to see whether the server is up.

        Args:
            path: of the request.
        """
        self._own.setdefault(path, []).append(time.monotonic() + OWN_SECONDS)

    def forget(self, path: str) -> None:
        """It never got there, so it has no line.

        Args:
            path: of the request.
        """
        if self._own.get(path):
            self._own[path].pop()

    def close(self) -> None:
        """Wait for the last lines of a server that has ended."""
        if self._thread.is_alive():
            self._thread.join(DRAIN_SECONDS)

    def _run(self) -> None:
        rest = b""
        with self._file:
            while chunk := os.read(self._reading, CHUNK):
                self._file.write(chunk)
                self._file.flush()
                *lines, rest = (rest + chunk).split(b"\n")
                if len(rest) > LONGEST_LINE:
                    lines, rest = [*lines, rest], b""
                self._tell(lines)
            if rest:
                self._tell([rest])
        os.close(self._reading)

    def _tell(self, lines: list[bytes]) -> None:
        texts = [line.decode(errors="replace").rstrip("\r") for line in lines]
        shown = [self._readable(text) for text in texts if not self._is_own(text)]
        if shown:
            self._show("\n".join(shown))

    def _is_own(self, line: str) -> bool:
        entry = parsed(line) if self._own else None
        request = request_of(entry) if entry else None
        if request is None or request[0] != "GET":
            return False
        expected = self._own.get(request[1], [])
        while expected:
            if expected.pop(0) > time.monotonic():
                return True
        return False
