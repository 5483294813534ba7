"""Dates without a time."""

from datetime import date

import pytest
from pydantic import TypeAdapter, ValidationError

from app.dates import DateIn


@pytest.mark.parametrize("text", ["1999-12-31", "2000-02-29", "2030-01-31", "9999-12-31"])
def test_dates_are_read(text: str) -> None:
    assert TypeAdapter(DateIn).validate_python(text) == date.fromisoformat(text)


@pytest.mark.parametrize(
    "value",
    [
        "2030-02-30",
        "2031-02-29",
        "2030-00-10",
        "2030-1-1",
        "20300101",
        "2030-01-01T00:00:00Z",
        "2030-01-01 ",
        "2030-01-01\n",
        "٢٠٣٠-01-01",
        "tomorrow",
        "",
        1_893_456_000,
        True,
        None,
    ],
)
def test_what_is_no_date_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(DateIn).validate_python(value)
