"""Generates a project, plants a bug in a copy of it, and reads the last screen of ``scaffold check``."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.plants.bugs import Bug

ROWS = 24
SCAFFOLD = (sys.executable, "-m", "generator")
ROOT = Path(__file__).resolve().parents[2]
SECONDS = 400


@dataclass(frozen=True)
class Shown:
    """What a check showed of a bug.

    Attributes:
        place: where it was planted, ``file:line``.
        exact: whether that line is on the last screen by itself.
        within: whether the last screen names lines of that file which hold it, such as those of the function.
        file: whether the last screen names the file at all.
        screen: the last screen.
    """

    bug: str
    place: str
    exact: bool
    within: bool
    file: bool
    code: int
    seconds: float
    screen: str


def generate(folder: Path, framework: str) -> Path:
    """A new project, not yet installed."""
    project = folder / f"my-{framework}-links"
    options = ("--framework", framework, "--database", "sqlite", "--auth", "jwt", "--cache", "memory", "--no-git")
    command = [*SCAFFOLD, "new", "url-shortener", project.name, *options, "--yes"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=120, env=_environment())
    return project


def judge(project: Path, bug: Bug) -> Shown:
    """Plant a bug, check the project, and take the bug out again.

    Args:
        project: a good one; installed by the first check.
    """
    kept = {edit.file: (project / edit.file).read_bytes() for edit in bug.edits}
    try:
        lines = [edit.apply(project) for edit in bug.edits]
        began = time.monotonic()
        patterns = [word for pattern in bug.only for word in ("--only", pattern)]
        done = subprocess.run(
            [*SCAFFOLD, "check", project.name, "--no-waits", *patterns],
            cwd=project.parent,
            env=_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        screen = last_screen(done.stdout)
    finally:
        for file, content in kept.items():
            (project / file).write_bytes(content)
    file, line = bug.edits[0].file, lines[0]
    named = [
        (int(first), int(last or first)) for first, last in re.findall(rf"{re.escape(file)}:(\d+)(?:-(\d+))?", screen)
    ]
    exact = (line, line) in named
    within = any(first <= line <= last for first, last in named)
    return Shown(
        bug.name, f"{file}:{line}", exact, within, file in screen, done.returncode, time.monotonic() - began, screen
    )


def last_screen(output: str, columns: int = 80) -> str:
    """The lines that a terminal of 24 rows shows at the end, its prompt included; long lines take several rows."""
    rows: list[str] = []
    for line in output.rstrip().splitlines():
        rows += [line[start : start + columns] for start in range(0, max(len(line), 1), columns)]
    return "\n".join(rows[-(ROWS - 1) :])


def copy_of(project: Path, folder: Path) -> Path:
    """A copy with all that was installed."""
    return Path(shutil.copytree(project, folder / project.name, symlinks=True))


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80", "NO_COLOR": "1"}
