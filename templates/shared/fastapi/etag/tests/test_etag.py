"""ETags."""

import pytest

from app.etag import etag, get_expected_versions, is_fresh


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
async def test_if_match_compares_strongly(header: str | None, versions: list[int] | None) -> None:
    assert await get_expected_versions(header) == versions
