"""All or nothing: a project is built in a sibling folder and renamed into place.

The folder is held by a lock that dies with the process, so that a later run can tell an abandoned one from one in
use, however the earlier run ended.
"""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from generator.errors import DestinationError

PREFIX = ".scaffold-staging-"


@contextmanager
def staged(destination: Path) -> Iterator[Path]:
    """Give a working folder beside the destination; what the body leaves in its ``project/`` becomes the destination.

    Args:
        destination: absent, or an empty folder. Missing parents are made at the end.

    Raises:
        DestinationError: it cannot be written; nothing was changed.
    """
    destination = absolute(destination)
    check_destination(destination)
    anchor = _nearest_existing(destination.parent)
    with _refusals(destination):
        remove_abandoned(anchor)
        staging, lock = _claim(anchor)
        try:
            (staging / "project").mkdir()
            yield staging
            made = _make_parents(destination.parent)
            try:
                os.rename(staging / "project", destination)
            except OSError:
                for parent in reversed(made):
                    parent.rmdir()
                raise
        finally:
            shutil.rmtree(staging, ignore_errors=True)
            os.close(lock)


def absolute(path: Path) -> Path:
    """The path made absolute and normal without following a link at its end."""
    return Path(os.path.abspath(path))


def check_destination(destination: Path) -> None:
    """Refuse a destination that holds anything, before any work is done.

    Raises:
        DestinationError: a file, a link, a folder with something in it, or a parent that is not a folder.
    """
    if "\0" in str(destination):
        raise DestinationError("The destination holds a NUL character", "Give a plain folder name.")
    try:
        if destination.is_symlink():
            raise DestinationError(f"{destination} is a link", "Give the folder itself, or a new name.")
        if destination.exists():
            if not destination.is_dir():
                raise DestinationError(f"{destination} is a file", "Give a folder that does not exist yet.")
            if next(destination.iterdir(), None) is not None:
                raise DestinationError(f"{destination} is not empty", "Give a folder that does not exist yet.")
            if destination == Path.cwd():
                raise DestinationError("The current folder cannot be replaced", "Give the name of a new folder.")
        if not _nearest_existing(destination.parent).is_dir():
            raise DestinationError(f"{destination} lies under a file", "Give a folder that does not exist yet.")
    except OSError as error:
        raise _refusal(destination, error) from error


def remove_abandoned(parent: Path) -> None:
    """Remove staging folders that no living process holds."""
    for folder in parent.glob(f"{PREFIX}*"):
        try:
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError:
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            pass
        finally:
            os.close(lock)


def _claim(parent: Path) -> tuple[Path, int]:
    """A new staging folder and the descriptor that locks it."""
    while True:
        staging = parent / f"{PREFIX}{secrets.token_hex(6)}"
        staging.mkdir()
        try:
            lock = os.open(staging, os.O_RDONLY | os.O_DIRECTORY)
        except FileNotFoundError:
            continue
        fcntl.flock(lock, fcntl.LOCK_EX)
        # Another run may have taken the folder for an abandoned one before it was locked: then it is gone.
        try:
            if os.stat(staging).st_ino == os.fstat(lock).st_ino:
                return staging, lock
        except FileNotFoundError:
            pass
        os.close(lock)


def _nearest_existing(folder: Path) -> Path:
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder


def _make_parents(folder: Path) -> list[Path]:
    made: list[Path] = []
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(exist_ok=True)
        made.append(path)
    return made


@contextmanager
def _refusals(destination: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _refusal(destination, error) from error


def _refusal(destination: Path, error: OSError) -> DestinationError:
    reason = (error.strerror or str(error)).lower()
    fixes = {
        errno.ENOSPC: "Free some space, or give another folder.",
        errno.EDQUOT: "Free some space, or give another folder.",
        errno.ENAMETOOLONG: "Give a shorter name.",
        errno.ENOTEMPTY: "Give a folder that does not exist yet.",
    }
    return DestinationError(
        f"{ascii(str(destination))[1:-1]} cannot be written: {reason}",
        fixes.get(error.errno or 0, "Give a folder that you may write to."),
    )
