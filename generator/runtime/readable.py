"""A server's log for people: JSON lines become short ones, anything else stays as it is."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

ESCAPES = re.compile(r"^(\x1b\[[0-9;]*m)+")
RESET, DIM, BOLD, RED, GREEN, YELLOW, CYAN = (f"\x1b[{code}m" for code in (0, 2, 1, 31, 32, 33, 36))
METHOD_WIDTH = 6
SHORTEST_PATH = 10
DETAIL_LENGTH = 60
# Members of a line that are shown elsewhere in it, or tell a person nothing.
KNOWN = frozenset(
    "time timestamp level message msg logger name requestId request_id method path url status durationMs pid hostname "
    "correlation_id color_message err error stack stack_trace exception exc_info v thread".split()
)
TRACES = ("error", "stack", "stack_trace", "exception", "exc_info")
LIBRARY_FRAME = re.compile(
    r"\(?node:|/node_modules/|/site-packages/|/lib/python3|\bat (java|jdk|org\.springframework)\."
)


class Readable:
    """Turns lines of a server's output into what a terminal shows."""

    def __init__(self, *, colours: bool = False, width: int | None = None) -> None:
        """Remember the terminal.

        Args:
            colours: whether it shows colours.
            width: columns that a request's line may take; any number by default.
        """
        self._colours = colours
        self._width = width

    def __call__(self, line: str) -> str:
        """One line, or several where a traceback belongs to it.

        Args:
            line: what the server wrote, without the end of the line.
        """
        line = ESCAPES.sub("", line)  # what another program, such as a compiler, has left at the start of it
        entry = parsed(line)
        if entry is None:
            return self._frame(plain(line))
        if request := request_of(entry):
            return self._request(entry, *request)
        return self._message(entry)

    def _request(self, entry: dict[str, Any], method: str, path: str, status: int) -> str:
        time, milliseconds = _time(entry), entry.get("durationMs")
        took = f"{_number(milliseconds)} ms" if isinstance(milliseconds, int | float) else ""
        before, behind = f"{time} {plain(method):<{METHOD_WIDTH}} ", f" {status} {took}".rstrip()
        path = plain(path)
        if self._width:
            room = max(self._width - len(before) - len(behind), SHORTEST_PATH)
            path = path if len(path) <= room else path[: room - 1] + "…"
        colour = GREEN if status < 300 else CYAN if status < 400 else YELLOW if status < 500 else RED
        shown = f"{self._in(DIM, time)} {plain(method):<{METHOD_WIDTH}} {path} {self._in(colour, str(status))}"
        return f"{shown} {self._in(DIM, took)}".rstrip() + self._trace(entry)

    def _message(self, entry: dict[str, Any]) -> str:
        level = str(entry.get("level", "info")).upper()
        words = plain(str(entry.get("message", entry.get("msg", ""))))
        details = " ".join(f"{name}={value}" for name, value in _details(entry))
        marked = "" if level in {"INFO", "30"} else self._in(RED if level in ERRORS else YELLOW, level) + " "
        line = f"{self._in(DIM, _time(entry))} {marked}{words}"
        return (f"{line} {self._in(DIM, details)}" if details else line).rstrip() + self._trace(entry)

    def _trace(self, entry: dict[str, Any]) -> str:
        trace = trace_of(entry)
        return "".join(f"\n    {self._frame(plain(line))}" for line in trace.rstrip().splitlines()) if trace else ""

    def _frame(self, line: str) -> str:
        """A line of a traceback: those in libraries step back behind those in the project."""
        return self._in(DIM, line) if LIBRARY_FRAME.search(line) else line

    def _in(self, colour: str, text: str) -> str:
        return f"{colour}{text}{RESET}" if self._colours and text else text


ERRORS = frozenset({"ERROR", "FATAL", "CRITICAL", "50", "60"})


def parsed(line: str) -> dict[str, Any] | None:
    """The entry that a line of a JSON log holds; None if it is none.

    Args:
        line: what the server wrote.
    """
    if not line.startswith("{"):
        return None
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) and ("message" in entry or "msg" in entry) else None


def request_of(entry: dict[str, Any]) -> tuple[str, str, int] | None:
    """Method, path and status of an entry that tells of a request; None if it tells of something else.

    Args:
        entry: of the log.
    """
    method, path, status = entry.get("method"), entry.get("path", entry.get("url")), entry.get("status")
    if isinstance(method, str) and isinstance(path, str) and isinstance(status, int):
        return method, path, status
    return None


def trace_of(entry: dict[str, Any]) -> str:
    """The traceback in an entry; empty if there is none.

    Args:
        entry: of the log.
    """
    error = entry.get("err")
    if isinstance(error, dict):
        stack, message = error.get("stack"), f"{error.get('type', 'Error')}: {error.get('message', '')}"
        return stack if isinstance(stack, str) and stack else message
    return next((entry[name] for name in TRACES if isinstance(entry.get(name), str)), "")


def plain(text: str) -> str:
    """A text that moves no cursor: a path, for instance, is whatever a client sent.

    Args:
        text: one line.
    """
    return "".join(char if char.isprintable() or char == "\t" else ascii(char)[1:-1] for char in text)


def _details(entry: dict[str, Any]) -> list[tuple[str, str]]:
    found = []
    for name, value in entry.items():
        if name not in KNOWN and isinstance(value, str | int | float | bool):
            text = plain(str(value))
            found.append((plain(name), text if len(text) <= DETAIL_LENGTH else text[: DETAIL_LENGTH - 1] + "…"))
    return found


def _time(entry: dict[str, Any]) -> str:
    """The time of day where the person is."""
    given = entry.get("time", entry.get("timestamp"))
    try:
        moment = datetime.fromisoformat(str(given)) if given else datetime.now()
    except ValueError:
        moment = datetime.now()
    return (moment.astimezone() if moment.tzinfo else moment).strftime("%H:%M:%S")


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}"
