"""What is read of a contract without running it is what a run collects."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.catalog import Catalog
from generator.contract import Case
from generator.contract.checking import Contract
from generator.contract.reading import read_cases
from generator.errors import CatalogError


@pytest.mark.parametrize("idea", Catalog.load().ideas)
def test_the_cases_that_are_read_are_those_that_are_collected(idea: str) -> None:
    contract = Contract(idea)
    with contract.opened() as opened:
        collected = {one.case.id: one.case for one in opened.cases}

    assert {case.id: case for folder in contract.folders for case in read_cases(folder)} == collected


def test_constants_of_the_file_and_lists_that_go_on_are_read(tmp_path: Path) -> None:
    (tmp_path / "test_a.py").write_text(
        'PROCESS = ("process",)\n\n'
        '@case("a.b.c", points=2, reason="Why.", needs=(*PROCESS, "users"), auth=("jwt",))\n'
        "@other\ndef test_it():\n    pass\n"
    )

    assert read_cases(tmp_path) == [Case("a.b.c", 2, "Why.", ("process", "users"), ("jwt",))]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('@case("a.b", points=1, reason=why())\ndef test_it(): ...\n', "no literal and no constant"),
        ("def (\n", "not valid Python"),
    ],
)
def test_what_only_running_it_would_tell_is_named(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "test_a.py").write_text(text)

    with pytest.raises(CatalogError, match=says):
        read_cases(tmp_path)
