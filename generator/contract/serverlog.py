"""Finds errors in what a project's servers wrote: JSON lines or plain tracebacks, of Python, Node.js and Java.

It is lenient: a server may log as it likes. What cannot be read is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from generator.contract.sources import Place, SourceFiles
from generator.runtime.readable import parsed, trace_of

MOST_BYTES = 64 * 1024 * 1024
REQUEST_IDS = ("requestId", "request_id", "correlation_id", "correlationId")

_PYTHON = re.compile(r'File "([^"]+)", line (\d+)')
_JAVA = re.compile(r"\(([\w$]+\.(?:java|kt)):(\d+)\)")
_NODE = re.compile(r"(?:^|\(|\s)(?:file://)?(/[^()]*?):(\d+)(?::\d+)?\)?$")
_WARNING = re.compile(r"^(/[^:]+\.py):(\d+): (\w*Warning: .*)")
_HEADLINE = re.compile(r"^(?:Uncaught )?((?:[A-Za-z_][\w.]*)?(?:Error|Exception|Interrupt|Exit|Warning|Group)\b.*)")
# Errors that are a mistake in the code, whatever happens around it. Others may come of an outage that a case makes.
_MISTAKES = re.compile(
    r"(Uncaught )?(Type|Attribute|Name|UnboundLocal|Key|Index|Reference|Range|ZeroDivision|Assertion)Error\b"
    r"|java\.lang\.(NullPointer|ClassCast|IndexOutOfBounds|ArrayIndexOutOfBounds|IllegalState|Arithmetic)Exception\b"
)
_FRAME = re.compile(r"^\s+at \S")


@dataclass(frozen=True)
class LoggedError:
    """An exception, or a warning with a place, in a server's log.

    Attributes:
        headline: its type and message in one line.
        trace: all of it, as the server wrote it.
        places: the lines of the project it went through, the innermost first.
        request_id: of the request, if the log tells.
        at: seconds since the epoch, if the log tells.
    """

    headline: str
    trace: str
    places: tuple[Place, ...]
    request_id: str = ""
    at: float = 0.0


class ServerLog:
    """The errors in the outputs of a project's servers.

    Args:
        files: the outputs.
        sources: the project's files.
    """

    def __init__(self, files: Iterable[Path], sources: SourceFiles) -> None:
        self._sources = sources
        self.errors: list[LoggedError] = []
        for file in files:
            self.errors += self._errors_in(file)
        self._by_request: dict[str, LoggedError] = {}
        for error in self.errors:
            if error.request_id:
                self._by_request.setdefault(error.request_id, error)

    def of_request(self, request_id: str) -> LoggedError | None:
        """The first error of a request."""
        return self._by_request.get(request_id) if request_id else None

    def between(self, began: float, ended: float) -> LoggedError | None:
        """The first error with a place in the project in that time."""
        return next((one for one in self.errors if one.places and began - 0.5 <= one.at <= ended + 0.5), None)

    def without_request(self) -> LoggedError | None:
        """The first error with a place that belongs to no request, such as the one that ended a server."""
        return next((one for one in self.errors if one.places and not one.request_id), None)

    def mistake(self, began: float = 0.0, ended: float = float("inf")) -> LoggedError | None:
        """The first error of no request that is a mistake in the code, as one in what runs in the background."""
        found = (one for one in self.errors if one.places and not one.request_id and _MISTAKES.match(one.headline))
        return next((one for one in found if began - 0.5 <= one.at <= ended + 0.5), None)

    def warning(self) -> LoggedError | None:
        """The first warning of the language itself with a place, such as of a coroutine that was never awaited."""
        return next((one for one in self.errors if one.places and "never awaited" in one.headline), None)

    def _errors_in(self, file: Path) -> Iterator[LoggedError]:
        try:
            with file.open("rb") as log:
                yield from self.errors_of(log.read(MOST_BYTES).decode("utf-8", "replace"))
        except OSError:
            return

    def errors_of(self, text: str) -> Iterator[LoggedError]:
        """The errors in an output."""
        plain: list[str] = []
        for line in text.splitlines():
            entry = parsed(line)
            if entry is None:
                plain.append(line)
            elif trace := _trace(entry):
                yield self.error_of(trace, _request_id(entry), _time(entry))
        for block in blocks(plain):
            yield self.error_of(block)

    def error_of(self, trace: str, request_id: str = "", at: float = 0.0) -> LoggedError:
        """The error that a traceback tells of."""
        shown = trace.replace(f"file://{self._sources.folder}/", "").replace(f"{self._sources.folder}/", "")
        return LoggedError(headline(trace), shown, tuple(self._places(trace)), request_id, at)

    def _places(self, trace: str) -> list[Place]:
        python = [(name, int(line)) for name, line in _PYTHON.findall(trace)]
        other: list[tuple[str, int]] = []
        for text in trace.splitlines():
            warning, java, node = _WARNING.match(text), _JAVA.search(text), _NODE.search(text)
            if found := warning or java or node:
                other.append((unquote(found[1]), int(found[2])))
        named = [*reversed(python), *other]
        places = [place for name, line in named if (place := self._sources.place(name, line))]
        return list(dict.fromkeys(places))


def headline(trace: str) -> str:
    """The line of a traceback that says what was wrong, with its type."""
    lines = [line.strip(" |") for line in trace.strip().splitlines()]
    found = [line for line in lines if _HEADLINE.match(line)]
    if warning := _WARNING.match(trace):
        return warning[3]
    if not found:
        return lines[0] if lines else ""
    # Python's comes last, that of others first. What follows a chained error is the one that was raised in the end.
    return found[-1] if "Traceback (most recent call last)" in trace else found[0]


def blocks(lines: Sequence[str]) -> Iterator[str]:
    """The tracebacks in plain output."""
    number = 0
    while number < len(lines):
        line = lines[number]
        start = number
        number += 1
        if line.startswith("Traceback (most recent call last)"):
            while number < len(lines) and (lines[number].startswith((" ", "\t")) or not lines[number]):
                number += 1
            number += 1
        elif line.startswith('  File "'):  # a syntax error has no heading
            while number < len(lines) and lines[number].startswith(" "):
                number += 1
            number += 1
        elif _WARNING.match(line):
            pass
        elif _HEADLINE.match(line) and number < len(lines) and _FRAME.match(lines[number]):
            while number < len(lines) and _FRAME.match(lines[number]):
                number += 1
        else:
            continue
        yield "\n".join(lines[start:number])


def _trace(entry: dict[str, Any]) -> str:
    """The traceback in an entry, with the error's message, which a stack need not have."""
    trace, error = trace_of(entry), entry.get("err")
    message = str(error.get("message", "")) if isinstance(error, dict) else ""
    if not isinstance(error, dict) or not message or message in trace:
        return trace
    return f"{error.get('type', 'Error')}: {message}\n{trace}"


def _request_id(entry: dict[str, Any]) -> str:
    return next((str(entry[name]) for name in REQUEST_IDS if entry.get(name)), "")


def _time(entry: dict[str, Any]) -> float:
    given = entry.get("time", entry.get("timestamp", entry.get("@timestamp")))
    if isinstance(given, int | float):
        return given / 1000 if given > 1e11 else float(given)
    try:
        return datetime.fromisoformat(str(given)).timestamp()
    except ValueError:
        return 0.0
