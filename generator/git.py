"""A git repository in a new project, with a first commit where git knows who commits."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

# The user's signing prompt, hooks or file system watcher would stop a command that promised not to ask, and their
# global ignore list would leave sources out.
_OWN = (
    *("-c", "commit.gpgsign=false", "-c", "core.hooksPath=/dev/null"),
    *("-c", "core.fsmonitor=false", "-c", "core.excludesFile=/dev/null"),
)
_SECONDS = 30


def start_repository(project: Path) -> str | None:
    """Make the folder a repository, unless git is absent or the folder lies inside one already.

    That it fails is no error: the project is complete without it.

    Returns:
        one line for the project's owner when there is no repository or no first commit; None when there is nothing
        to say.
    """
    if shutil.which("git") is None or _git(project, "rev-parse", "--is-inside-work-tree") is None:
        return None
    failure = _git(project, "init", "--quiet", "--initial-branch=main") or _git(project, *_OWN, "add", "--all")
    if failure is not None:
        shutil.rmtree(project / ".git", ignore_errors=True)
        return f"No git repository was started: {failure}"
    failure = _git(project, *_OWN, "commit", "--quiet", "--message", "Start the project")
    if failure is not None:
        return f"The files are staged in git, but not committed: {failure}"
    return None


def add_to_first_commit(project: Path, names: Sequence[str]) -> str | None:
    """Add files to the commit that :func:`start_repository` has just made, or stage them where it made none.

    Args:
        project: the folder whose repository was started.
        names: files in it.

    Returns:
        one line for the project's owner when that failed; None when there is nothing to say.
    """
    if not names or not (project / ".git").is_dir():
        return None
    failure = _git(project, *_OWN, "add", "--", *names)
    if failure is None and _git(project, "rev-parse", "--quiet", "--verify", "HEAD") is None:
        failure = _git(project, *_OWN, "commit", "--quiet", "--amend", "--no-edit")
    return f"{' and '.join(names)} could not be committed: {failure}" if failure else None


def uncommitted(project: Path, names: Sequence[str]) -> list[str]:
    """Those of some files that git could commit and never did; none where there is no repository.

    Args:
        project: the folder that they lie in.
        names: files that may be there.
    """
    there = [name for name in names if (project / name).is_file()]
    if not there or shutil.which("git") is None or _git(project, "rev-parse", "--is-inside-work-tree") is not None:
        return []
    return [
        name
        for name in there
        if _git(project, "cat-file", "-e", f"HEAD:./{name}") is not None
        and _git(project, "check-ignore", "--quiet", "--", name) is not None
    ]


def user_name() -> str:
    """``user.name`` of git's configuration as it applies here, in one line; empty without one or without git."""
    if shutil.which("git") is None:
        return ""
    try:
        done = subprocess.run(
            ["git", "config", "--get", "user.name"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    name = done.stdout.decode(errors="replace") if done.returncode == 0 else ""
    return " ".join("".join(char if char.isprintable() else " " for char in name).split())


def _git(project: Path, *arguments: str) -> str | None:
    """Run git; None if it succeeded, or what it said is wrong."""
    try:
        done = subprocess.run(
            ["git", *arguments],
            cwd=project,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env={**os.environ, "LC_ALL": "C"},
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"it did not answer within {_SECONDS} s"
    if done.returncode == 0:
        return None
    said = done.stderr.decode(errors="replace").strip().splitlines() or [f"exit code {done.returncode}"]
    return next((line for line in said if line.startswith("fatal: ")), said[-1]).removeprefix("fatal: ")
