"""Progress of what takes longer than a second: what it is, since when, and its last sign of life."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

Progress = Callable[[str], None]

FIRST_SECONDS = 1.0
PLAIN_SECONDS = 10.0
SAID_LENGTH = 60
LOG_MESSAGE = re.compile(r'"(?:message|msg)": ?"([^"]*)"')
NPM_FETCH = re.compile(r"npm http (?:fetch GET \d+ |cache \S+@)https?://[^/]+/(\S+?)(?:/-/\S*)?(?: .*)?")


def silent(line: str) -> None:
    """A ``Progress`` that says nothing.

    Args:
        line: ignored.
    """


class Ticker:
    """Called again and again while something runs.

    A progress with a method ``tick`` shows one line that changes, as a terminal can. Any other is called once in a
    while, so that a log has a line every ten seconds and not two a second.
    """

    def __init__(self, progress: Progress, what: str) -> None:
        """Begin to count.

        Args:
            progress: told; its ``tick`` is called if it has one.
            what: what goes on, such as ``Installing the dependencies``.
        """
        self._progress = progress
        self._what = what
        self._began = time.monotonic()
        self._next = PLAIN_SECONDS

    def __call__(self, said: str = "") -> None:
        """Tell, if it is time.

        Args:
            said: the last line of what runs.
        """
        seconds = time.monotonic() - self._began
        if seconds < FIRST_SECONDS:
            return
        text = " · ".join(part for part in (self._what, f"{seconds:.0f} s", brief(said)) if part)
        tick = getattr(self._progress, "tick", None)
        if tick:
            tick(text)
        elif seconds >= self._next:
            self._next += PLAIN_SECONDS
            self._progress(text)


def brief(said: str) -> str:
    """A line of a project's command, made short: of a download the package's name, of a log's entry its message.

    Args:
        said: the line.
    """
    if said.startswith("> "):
        return ""  # npm's echo of what it runs
    if message := LOG_MESSAGE.search(said) if said.startswith("{") else None:
        said = message.group(1)
    fetched = NPM_FETCH.fullmatch(said)
    text = fetched.group(1).replace("%2f", "/") if fetched else said
    return text if len(text) <= SAID_LENGTH else text[: SAID_LENGTH - 1] + "…"
