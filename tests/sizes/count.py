"""Counts lines, files and words of rendered projects."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from generator.plan import Plan

APPLICATION = ("src/", "app/", "migrations/")
TESTS = ("tests/", "src/test/")
SOURCE = frozenset({".ts", ".js", ".mjs", ".py", ".java", ".sql", ".html", ".css"})


@dataclass(frozen=True)
class Size:
    """How large one project is.

    Attributes:
        application: lines of its source, migrations included.
        own: those of them that come from the idea's own layers.
        tests: lines of its tests.
        files: files that git tracks.
        readme: words of its README.
    """

    application: int
    own: int
    tests: int
    files: int
    readme: int

    @property
    def ratio(self) -> float:
        """Lines of tests for one line of the application."""
        return self.tests / self.application


def size(plan: Plan, files: Mapping[str, bytes]) -> Size:
    """Count a project.

    Args:
        plan: what it was rendered from; says which layer a file comes from.
        files: every file by its path in the project.
    """
    idea = f"{plan.context['idea']['level']}/{plan.spec.idea}/"
    layers = {file.path: file.layer for file in plan.files}
    lines = {path: content.count(b"\n") for path, content in files.items() if PurePosixPath(path).suffix in SOURCE}
    tests = {path: count for path, count in lines.items() if path.startswith(TESTS)}
    application = {path: n for path, n in lines.items() if path.startswith(APPLICATION) and path not in tests}
    return Size(
        application=sum(application.values()),
        own=sum(count for path, count in application.items() if layers[path].startswith(idea)),
        tests=sum(tests.values()),
        files=len(files.keys() - {".env"}),
        readme=words(files["README.md"].decode()),
    )


def words(markdown: str) -> int:
    """Words of a page: whatever stands between blanks and has a letter or digit, code and tables included.

    Comments do not count, because no reader sees them.
    """
    shown = re.sub(r"<!--.*?-->", "", markdown, flags=re.DOTALL)
    return sum(any(character.isalnum() for character in word) for word in shown.split())
