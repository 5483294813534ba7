"""``docs/sizes.md`` says what is, and every size that is missed has a reason beside it."""

from __future__ import annotations

import pytest

from tests.sizes.count import Size, size, words
from tests.sizes.page import PAGE, limits, page, rows
from tests.templates.conftest import Rendered, combinations


@pytest.fixture(scope="module")
def sizes(rendered: Rendered) -> dict[str, Size]:
    return {name: size(rendered.plan(name), rendered.files(name)) for name in combinations()}


def test_the_page_is_current(sizes: dict[str, Size]) -> None:
    made = page(sizes.__getitem__, {name: counted.readme for name, counted in sizes.items()})

    assert PAGE.read_text(encoding="utf-8") == made, "run: python -m tests.sizes --write"


def test_every_size_that_is_missed_has_a_reason_and_no_other(sizes: dict[str, Size]) -> None:
    missed = {row.combination: set(row.missed) for row in rows(sizes.__getitem__) if row.missed}

    reasons = {name: set(why) for name, why in limits()["reasons"].items()}
    assert reasons == missed, "tests/sizes/limits.yml gives other reasons than are needed"


def test_words_are_counted_as_a_reader_would() -> None:
    assert words("# A title\n<!-- not\nthis -->\n| `a` | — | b-c |\n```sh\nls -l\n```\n") == 7
