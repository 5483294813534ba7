"""Logs: JSON lines on standard output, one a request."""

import asyncio
import json
import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from app.times import format_time

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)


class JsonFormatter(logging.Formatter):
    """Writes a record, its exception included, as one line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without its end."""
        error = self.formatException(record.exc_info) if record.exc_info else None
        return _line(record.levelname, record.getMessage(), logger=record.name, error=error)


class RequestLog:
    """Writes the line of each request.

    Without the `logging` module, which would cost more than the redirect itself; and the lines
    of one turn of the event loop leave in one system call.
    """

    def __init__(self, level: str) -> None:
        self._enabled = logging.getLevelNamesMapping()[level.upper()] <= logging.INFO
        self._lines: list[str] = []

    def write(self, method: str, path: str, status: int, seconds: float) -> None:
        """Note one request. The query string is not part of `path`: it may hold anything."""
        level = "error" if status >= 500 else "info"
        if not self._enabled and level == "info":
            return
        if not self._lines:
            asyncio.get_running_loop().call_soon(self._flush)
        milliseconds = round(seconds * 1000, 2)
        self._lines.append(
            _line(level, "request", method=method, path=path, status=status, durationMs=milliseconds)
        )

    def _flush(self) -> None:
        lines, self._lines = self._lines, []
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        sys.stdout.flush()


def configure_logging(level: str) -> None:
    """Send every logger, uvicorn's included, to standard output as JSON."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)


def _line(level: str, message: str, **members: Any) -> str:
    line = {
        "time": format_time(datetime.now(UTC)),
        "level": level.lower(),
        "message": message,
        "requestId": request_id.get(),
        **members,
    }
    return json.dumps({name: value for name, value in line.items() if value is not None})
