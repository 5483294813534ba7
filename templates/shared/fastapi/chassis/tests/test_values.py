"""Ids, times, pages and ETags."""

from datetime import UTC, datetime

import pytest

from app.errors import InvalidError
from app.ids import first_id_at, is_id, new_id
from app.pagination import decode_cursor, encode_cursor
from app.preconditions import etag, expected_versions, is_fresh
from app.times import format_time, parse_time


def test_ids_sort_by_age() -> None:
    ids = [new_id() for _ in range(1000)]
    assert ids == sorted(ids)
    assert len(set(ids)) == 1000
    assert all(is_id(made) and made[14] == "7" for made in ids)
    assert first_id_at(datetime.now(UTC).timestamp() - 60) < ids[0]


@pytest.mark.parametrize("text", ["", "1", "../etc/passwd", "{" + new_id() + "}", new_id().upper() + " "])
def test_only_the_spelling_given_out_is_an_id(text: str) -> None:
    assert not is_id(text)


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2030-01-31T12:00:00Z", "2030-01-31T12:00:00.000Z"),
        ("2030-01-31t12:00:00z", "2030-01-31T12:00:00.000Z"),
        ("2030-01-31T12:00:00.1239999+02:00", "2030-01-31T10:00:00.123Z"),
        ("2030-01-31T12:00:00.5-23:59", "2030-02-01T11:59:00.500Z"),
    ],
)
def test_times_with_any_offset_are_read(text: str, utc: str) -> None:
    assert format_time(parse_time(text)) == utc


@pytest.mark.parametrize(
    "text",
    [
        "2030-01-31",
        "2030-01-31T12:00:00",
        "2030-01-31 12:00:00Z",
        "2030-02-30T12:00:00Z",
        "2030-01-31T24:00:00Z",
        "2030-01-31T23:59:60Z",
        "2030-01-31T12:00:00+0200",
        "٢٠٣٠-01-31T12:00:00Z",
        "0001-01-01T00:00:00+01:00",
        1_900_000_000,
        None,
    ],
)
def test_other_times_are_refused(text: object) -> None:
    with pytest.raises(ValueError, match=r"must be|out of range|day"):
        parse_time(text)


def test_a_cursor_comes_back_as_the_id_it_was() -> None:
    made = new_id()
    assert decode_cursor(encode_cursor(made)) == made


@pytest.mark.parametrize(
    "cursor", ["", "a", "!!!!", new_id(), encode_cursor("not an id"), encode_cursor(new_id()) + "="]
)
def test_other_cursors_are_refused(cursor: str) -> None:
    with pytest.raises(InvalidError):
        decode_cursor(cursor)


@pytest.mark.parametrize(
    ("header", "fresh"),
    [
        (None, False),
        ('"2"', True),
        ('W/"2"', True),
        ('"1", "2"', True),
        ("*", True),
        ('"1"', False),
        ("2", False),
    ],
)
def test_if_none_match_compares_weakly(header: str | None, *, fresh: bool) -> None:
    assert is_fresh(header, etag(2)) == fresh


@pytest.mark.parametrize(
    ("header", "versions"),
    [
        (None, None),
        ("*", None),
        ('"2"', [2]),
        ('"1", "2"', [1, 2]),
        ('W/"2"', []),
        ('"x"', []),
        ("2", []),
        ("", []),
    ],
)
def test_if_match_compares_strongly(header: str | None, versions: list[int] | None) -> None:
    assert expected_versions(header) == versions
