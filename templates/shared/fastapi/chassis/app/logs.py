"""Logs: JSON lines on standard output, one a request."""

import asyncio
import json
import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from json.encoder import encode_basestring_ascii as quoted

from app.times import format_time

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)


class JsonFormatter(logging.Formatter):
    """Writes a record, its exception included, as one line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without its end."""
        error = self.formatException(record.exc_info) if record.exc_info else None
        line = {
            "time": format_time(datetime.now(UTC)),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            "logger": record.name,
            "requestId": request_id.get(),
            "error": error,
        }
        return json.dumps({name: value for name, value in line.items() if value is not None})


class RequestLog:
    """Writes the line of each request.

    The `logging` module would cost more than the redirect itself: here a line is put together
    by hand, and the lines of one turn of the event loop leave in one system call.
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
        self._lines.append(
            f'{{"time":"{format_time(datetime.now(UTC))}","level":"{level}","message":"request",'
            f'"requestId":"{request_id.get()}","method":{quoted(method)},"path":{quoted(path)},'
            f'"status":{status},"durationMs":{seconds * 1000:.2f}}}\n'
        )

    def _flush(self) -> None:
        lines, self._lines = self._lines, []
        sys.stdout.write("".join(lines))
        sys.stdout.flush()


def configure_logging(level: str) -> None:
    """Send every logger, uvicorn's included, to standard output as JSON."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
