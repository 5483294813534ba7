"""A git repository in a new project, with a first commit where git knows who commits."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

MESSAGE = "Start the project"

# The user's signing prompt, hooks or file system watcher would stop a command that promised not to ask; their global
# ignore list would leave sources out, and their filters and line ends would change what is committed.
_OWN = (
    *("-c", "commit.gpgsign=false", "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false"),
    *("-c", "core.excludesFile=/dev/null", "-c", "core.attributesFile=/dev/null"),
    *("-c", "core.autocrlf=false", "-c", "core.safecrlf=false"),
)
# A hook or an alias that runs us sets these: our commands would then change the repository that it belongs to.
_ANOTHER_REPOSITORY = {
    *("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX", "GIT_NAMESPACE"),
    *("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES"),
}
_REFUSED = re.compile(r"dubious ownership in repository at '(.*)'")
_SECONDS = 30


@dataclass(frozen=True)
class Repository:
    """What became of the repository.

    Attributes:
        state: ``committed``; ``staged`` when there is no first commit; ``inside`` another repository; ``absent``
            without git; ``failed``.
        reason: what git said is wrong, in one line; empty where nothing is.
        nameless: whether git does not know who commits.
        refused: the surrounding repository, where git refuses it because somebody else owns it.
    """

    state: str
    reason: str = ""
    nameless: bool = False
    refused: str = ""


def start_repository(project: Path) -> Repository:
    """Make the folder a repository with one commit, unless git is absent or the folder lies in a repository already.

    That it fails is no error: the project is complete without it.
    """
    if not installed():
        return Repository("absent")
    outside = _git(project, "rev-parse", "--is-inside-work-tree")
    refused = _REFUSED.search(outside or "")
    if outside is None or refused:
        return Repository("inside", refused=refused[1] if refused else "")
    # The user's template may bring an ignore list and hooks of its own: it is applied after the commit.
    failure = _git(project, "init", "--quiet", "--initial-branch=main", "--template=")
    failure = failure or _git(project, *_OWN, "add", "--all")
    if failure is not None:
        shutil.rmtree(project / ".git", ignore_errors=True)
        return Repository("failed", failure)
    nameless = not _knows_committer(project)
    failure = _git(project, *_OWN, "commit", "--quiet", "--message", MESSAGE)
    _git(project, "init", "--quiet")
    return Repository("committed") if failure is None else Repository("staged", failure, nameless)


def installed() -> bool:
    """Whether git is on the path."""
    return shutil.which("git") is not None


def add_to_first_commit(project: Path, names: Sequence[str]) -> str | None:
    """Add files to the commit that :func:`start_repository` has just made, or stage them where it made none.

    Args:
        project: the folder whose repository was started.
        names: files in it.

    Returns:
        one line for the project's owner when that failed; None when there is nothing to say.
    """
    if not names:
        return None
    failure = _git(project, *_OWN, "add", "--force", "--", *names)
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
    if not there or not installed() or _git(project, "rev-parse", "--is-inside-work-tree") is not None:
        return []
    return [
        name
        for name in there
        if _git(project, "cat-file", "-e", f"HEAD:./{name}") is not None
        and _git(project, "check-ignore", "--quiet", "--", name) is not None
    ]


def user_name() -> str:
    """``user.name`` of git's configuration as it applies here, in one line; empty without one or without git."""
    if not installed():
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


def _knows_committer(project: Path) -> bool:
    return all(_git(project, "var", f"GIT_{role}_IDENT") is None for role in ("AUTHOR", "COMMITTER"))


def _git(project: Path, *arguments: str) -> str | None:
    """Run git; None if it succeeded, or what it said is wrong."""
    try:
        done = subprocess.run(
            ["git", *arguments],
            cwd=project,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env={name: value for name, value in os.environ.items() if name not in _ANOTHER_REPOSITORY}
            | {"LC_ALL": "C"},
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"it did not answer within {_SECONDS} s"
    if done.returncode == 0:
        return None
    said = done.stderr.decode(errors="replace").strip().splitlines() or [f"exit code {done.returncode}"]
    return next((line for line in said if line.startswith("fatal: ")), said[-1]).removeprefix("fatal: ")
