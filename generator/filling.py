"""A project put into a folder that is there already, such as a fresh clone: its entries are moved in, one by one.

The folder itself stays, for a shell may stand in it, and so does a repository. A journal is written before the first
entry moves. Whatever stops the run, this one or the next takes back what was moved, and nothing of the user's is lost.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from generator.errors import DestinationError

PREFIX = ".scaffold-staging-"
JOURNAL = "journal.json"
_PROJECT, _ORIGINALS = "project", "originals"
_GIT, _IGNORED, _README, _LICENSE = ".git", ".gitignore", "README.md", "LICENSE"


@dataclass(frozen=True)
class Kept:
    """A file that was in the folder before.

    Attributes:
        name: its name.
        merged: whether the project's file of that name follows it, in the same file.
        instead: the project's file that is not written because of it; empty where none is.
    """

    name: str
    merged: bool = False
    instead: str = ""


def strangers(folder: Path) -> list[str]:
    """Names in a folder that keep a project from being put there."""
    found = sorted(entry.name for entry in folder.iterdir() if not entry.name.startswith(PREFIX))
    return [name for name in found if not _is_welcome(folder / name)]


def kept(folder: Path) -> list[Kept]:
    """What of a folder that may be filled stays, and how; empty where there is none."""
    if not folder.is_dir():
        return []
    names = sorted(entry.name for entry in folder.iterdir() if not entry.name.startswith(PREFIX))
    return [_kept(name) for name in names]


def fill(staging: Path, destination: Path) -> None:
    """Move what lies in the staging folder's ``project/`` into the destination, or leave it as it was.

    Args:
        staging: lies in the destination, so that it is on the same file system.

    Raises:
        DestinationError: something else has appeared there meanwhile.
        OSError: it cannot be written.
    """
    with _alone(destination):
        found = strangers(destination)
        if found:
            raise DestinationError(f"{destination} is not empty any more: it holds {found[0]}", "Give a new folder.")
        merged = _merge(staging, destination)
        # The repository comes last: as soon as it is there, everything else is.
        names = sorted(os.listdir(staging / _PROJECT), key=lambda name: (name == _GIT, name))
        _write_journal(staging, {name: os.stat(staging / _PROJECT / name).st_ino for name in names}, merged)
        try:
            for name in names:
                _move(staging, destination, name, merged=name in merged)
        except BaseException:
            undo(staging)
            raise
        (staging / JOURNAL).unlink()


def undo(staging: Path) -> bool:
    """Take back what an interrupted :func:`fill` has moved.

    Args:
        staging: an abandoned staging folder; one that was filling nothing is left as it is.

    Returns:
        whether the staging folder is no longer needed. If it is, somebody has worked on what was moved.
    """
    journal, destination = staging / JOURNAL, staging.parent
    try:
        record = json.loads(journal.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):  # half a journal: nothing has moved yet
        return True
    inodes, merged = record["inodes"], record["merged"]
    moved = [name for name in inodes if not os.path.lexists(staging / _PROJECT / name)]
    if len(moved) < len(inodes):
        ours = [name for name in moved if _inode(destination / name) == inodes[name]]
        if any(_changed_since(destination / name, record["time"]) for name in ours):
            return False
        for name in reversed(ours):
            if name in merged:
                os.rename(staging / _ORIGINALS / name, destination / name)
            else:
                os.rename(destination / name, staging / _PROJECT / name)
    journal.unlink()
    return True


def _is_welcome(path: Path) -> bool:
    mode = path.lstat().st_mode
    if path.name == _GIT:
        return stat.S_ISDIR(mode) or stat.S_ISREG(mode)  # a file in a worktree or a submodule
    known = path.name == _IGNORED or path.name.casefold().startswith(("readme", "license", "licence"))
    return known and stat.S_ISREG(mode)


def _kept(name: str) -> Kept:
    if name == _IGNORED or name.casefold() == _README.casefold():
        return Kept(name, merged=True)
    return Kept(name, instead=_LICENSE if name.casefold().startswith(("license", "licence")) else "")


@contextlib.contextmanager
def _alone(destination: Path) -> Iterator[None]:
    """Let no other run fill the same folder at the same time."""
    lock = os.open(destination, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _merge(staging: Path, destination: Path) -> list[str]:
    """Put the user's text before the project's in the files that both have; their names."""
    project, originals, merged = staging / _PROJECT, staging / _ORIGINALS, []
    originals.mkdir()
    for file in kept(destination):
        if file.instead:
            (project / file.instead).unlink(missing_ok=True)
        if not file.merged:
            continue
        ours = project / (file.name if file.name == _IGNORED else _README)
        if not ours.exists():
            continue
        shutil.copy2(destination / file.name, originals / file.name)
        theirs, text = (originals / file.name).read_bytes().rstrip(), ours.read_bytes()
        ours.unlink()
        (project / file.name).write_bytes(theirs + b"\n\n" + text if theirs else text)
        shutil.copymode(originals / file.name, project / file.name)
        merged.append(file.name)
    return merged


def _write_journal(staging: Path, inodes: dict[str, int], merged: list[str]) -> None:
    record = {"time": time.time_ns(), "inodes": inodes, "merged": merged}
    with open(staging / JOURNAL, "w", encoding="utf-8") as file:
        json.dump(record, file)
        file.flush()
        os.fsync(file.fileno())


def _move(staging: Path, destination: Path, name: str, *, merged: bool) -> None:
    source, target = staging / _PROJECT / name, destination / name
    if merged:
        if target.read_bytes() != (staging / _ORIGINALS / name).read_bytes():
            raise DestinationError(f"{target} has just changed", "Try again.")
        os.rename(source, target)
        return
    if os.path.lexists(target):
        raise DestinationError(f"{target} has just appeared", "Give a new folder.")
    os.rename(source, target)


def _inode(path: Path) -> int:
    try:
        return path.lstat().st_ino
    except FileNotFoundError:
        return -1


def _changed_since(path: Path, moment: int) -> bool:
    """Whether a file, or one in a folder, was written after a moment, in nanoseconds; a rename writes none."""
    inside = (Path(folder) / name for folder, folders, files in os.walk(path) for name in (*folders, *files))
    return any(one.lstat().st_mtime_ns > moment for one in (path, *inside))
