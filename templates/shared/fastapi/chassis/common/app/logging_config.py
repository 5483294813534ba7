"""Logs: JSON lines on standard output, each with the id of its request."""

import logging
import sys

from asgi_correlation_id import CorrelationIdFilter
from pythonjsonlogger.json import JsonFormatter

NAMES = {"levelname": "level", "name": "logger", "correlation_id": "requestId"}


def configure_logging(level: str) -> None:
    handler = logging.StreamHandler(sys.stdout)
    handler.addFilter(CorrelationIdFilter())
    handler.setFormatter(JsonFormatter(["message", *NAMES], rename_fields=NAMES, timestamp="time"))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
