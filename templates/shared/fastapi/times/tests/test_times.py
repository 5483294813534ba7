"""Times."""

import pytest
from pydantic import TypeAdapter, ValidationError

from app.schemas import ResponseModel, TimeOut
from app.times import TimeIn


class Out(ResponseModel):
    at: TimeOut


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2030-01-31T12:00:00Z", "2030-01-31T12:00:00.000Z"),
        ("2030-01-31t12:00:00z", "2030-01-31T12:00:00.000Z"),
        ("2030-01-31T12:00:00.1239999+02:00", "2030-01-31T10:00:00.123Z"),
        ("2030-01-31T12:00:00.5-23:59", "2030-02-01T11:59:00.500Z"),
    ],
)
def test_times_with_any_offset_are_converted_to_utc(text: str, utc: str) -> None:
    moment = TypeAdapter(TimeIn).validate_python(text)
    assert Out(at=moment).model_dump() == {"at": utc}


@pytest.mark.parametrize(
    "text",
    [
        "2030-01-31",
        "2030-01-31T12:00:00",
        "2030-01-31 12:00:00Z",
        "2030-01-31T12:00Z",
        "2030-02-30T12:00:00Z",
        "2030-01-31T12:00:00+0200",
        "٢٠٣٠-01-31T12:00:00Z",
        "9999-12-31T23:59:59-23:59",
        "1900000000",
        1_900_000_000,
        None,
    ],
)
def test_invalid_times_are_rejected(text: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(TimeIn).validate_python(text)
