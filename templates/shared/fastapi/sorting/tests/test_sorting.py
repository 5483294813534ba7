"""Cursors of sorted lists."""

import base64
from uuid import UUID

import pytest

from app.sorting import Place

ID = UUID("01900000-0000-7000-8000-000000000001")


class Ranked(Place):
    rank: int


def test_a_cursor_is_the_place_of_an_item() -> None:
    item = Ranked(id=ID, rank=2)
    cursor = Ranked.cursor_of(item)
    assert cursor.isascii()
    assert Ranked.from_cursor(cursor) == item


@pytest.mark.parametrize("text", ["", "x", "!!!", "null", "[]", "{}", '{"id":"x","rank":1}', "ä", "a" * 5000])
def test_other_cursors_are_refused(text: str) -> None:
    for cursor in (text, base64.urlsafe_b64encode(text.encode()).decode()):
        with pytest.raises(ValueError, match="is not a cursor of this list"):
            Ranked.from_cursor(cursor)
