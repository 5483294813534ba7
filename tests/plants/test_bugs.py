"""The bugs still fit the projects that are generated. What a check shows of them: ``python -m tests.plants``."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.plants.bugs import BUGS
from tests.plants.fresh import FRESH
from tests.plants.judge import generate, last_screen


@pytest.mark.parametrize("framework", sorted(BUGS))
def test_each_bug_finds_its_text(framework: str, tmp_path: Path) -> None:
    project = generate(tmp_path, framework)
    assert len(BUGS[framework]) == len(FRESH[framework]) == 10
    for bug in (*BUGS[framework], *FRESH[framework]):
        kept = {edit.file: (project / edit.file).read_bytes() for edit in bug.edits}
        assert [edit.apply(project) > 0 for edit in bug.edits]
        for file, content in kept.items():
            (project / file).write_bytes(content)


def test_the_last_screen_is_that_of_24_rows_with_long_lines_broken() -> None:
    assert last_screen("\n".join(map(str, range(100)))).splitlines()[0] == "77"
    assert last_screen("x" * 100).splitlines() == ["x" * 80, "x" * 20]
