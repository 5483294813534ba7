"""A git repository in a new project, with a first commit where git knows who commits."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path


def start_repository(project: Path) -> None:
    """Make the folder a repository, unless git is absent or the folder lies inside one already.

    A missing identity is no error: the files are then left uncommitted for their owner.
    """
    if shutil.which("git") is None or _git(project, "rev-parse", "--is-inside-work-tree") == 0:
        return
    if _git(project, "init", "--quiet", "--initial-branch=main") != 0:
        return
    _git(project, "add", "--all")
    # A signing prompt or the user's own hooks would stop a command that promised not to ask.
    _git(
        project,
        *("-c", "commit.gpgsign=false", "-c", "core.hooksPath=/dev/null"),
        *("commit", "--quiet", "--message", "Start the project"),
    )


def _git(project: Path, *arguments: str) -> int:
    return subprocess.run(
        ["git", *arguments],
        cwd=project,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    ).returncode
