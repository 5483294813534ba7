"""Ids in request bodies."""

from uuid import UUID

import pytest
from pydantic import TypeAdapter, ValidationError

from app.ids import AnyId

ID = "01900000-0000-7000-8000-000000000001"


def test_an_id_is_read() -> None:
    assert TypeAdapter(AnyId).validate_python(ID) == UUID(ID)


@pytest.mark.parametrize("text", ["", "x", "null", f"{ID}x", "\0", "[object Object]"])
def test_a_text_that_cannot_be_an_id_is_one_that_does_not_exist(text: str) -> None:
    assert TypeAdapter(AnyId).validate_python(text) is None


@pytest.mark.parametrize("value", [None, 5, True, ["x"], {"$gt": ""}])
def test_what_is_no_text_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(AnyId).validate_python(value)
