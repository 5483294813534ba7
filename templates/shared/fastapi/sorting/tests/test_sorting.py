"""Cursors of sorted lists."""

import base64
from uuid import UUID

import pytest
from pydantic import ValidationError

from app.sorting import CursorPosition

ID = UUID("01900000-0000-7000-8000-000000000001")


class Ranked(CursorPosition):
    rank: int


def test_a_cursor_is_the_place_of_the_last_item() -> None:
    items = [Ranked(id=ID, rank=rank) for rank in (3, 2, 1)]
    page = Ranked.page_of(items, 2)
    assert page["items"] == items[:2]
    assert Ranked.model_validate(page["next_cursor"]) == items[1]


def test_the_last_page_has_no_cursor() -> None:
    last = CursorPosition(id=ID)
    assert CursorPosition.page_of([last], 1) == {"items": [last], "next_cursor": None}


@pytest.mark.parametrize("text", ["", "x", "!!!", "null", "[]", "{}", '{"id":"x","rank":1}', "ä", "[" * 5000])
def test_other_cursors_are_refused(text: str) -> None:
    for cursor in (text, base64.urlsafe_b64encode(text.encode()).decode()):
        with pytest.raises(ValidationError, match="is not a cursor of this list"):
            Ranked.model_validate(cursor)
