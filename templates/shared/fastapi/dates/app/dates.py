"""Dates without a time (RFC 3339, full-date)."""

import re
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator

FULL_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _require_full_date(value: Any) -> Any:
    # Pydantic alone would also take numbers (seconds since 1970) and times at midnight.
    if not isinstance(value, str) or not FULL_DATE.fullmatch(value):
        raise ValueError("must be a date such as 2030-01-31")
    return value


DateIn = Annotated[date, BeforeValidator(_require_full_date)]
