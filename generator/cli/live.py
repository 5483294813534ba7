"""What a command that runs for a while prints: lines that stay, and on a terminal one that changes below them."""

from __future__ import annotations

import os
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from generator.cli.folding import folded

ERASE = "\r\x1b[2K"


class Lines:
    """Lines only, for a pipe or a log."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def __call__(self, line: str) -> None:
        """Print a line about the work, on standard error."""
        self._print(folded(line, sys.stderr), sys.stderr)

    def show(self, text: str) -> None:
        """Print what was asked for, on standard output; may be called by any thread."""
        self._print(text, sys.stdout)

    def clear(self) -> None:
        """Take the changing line away."""

    def _print(self, text: str, stream: object) -> None:
        with self._lock:
            self.clear()
            print(text, file=stream, flush=True)  # type: ignore[call-overload]


class Screen(Lines):
    """The same with a changing line, on a terminal."""

    def __init__(self) -> None:
        super().__init__()
        self._changing = False

    def tick(self, text: str) -> None:
        """Replace the changing line."""
        columns = shutil.get_terminal_size().columns
        line = "".join(char if char.isprintable() else " " for char in text)[: columns - 1]
        with self._lock:
            self._changing = True
            print(f"{ERASE}{line}", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Take the changing line away."""
        if self._changing:
            self._changing = False
            print(ERASE, end="", file=sys.stderr, flush=True)


@contextmanager
def progress() -> Iterator[Lines]:
    """Whatever fits standard error; leaves no half line behind."""
    lines = Screen() if sys.stderr.isatty() and os.environ.get("TERM") != "dumb" else Lines()
    try:
        yield lines
    finally:
        lines.clear()
