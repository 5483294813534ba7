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
        destination: absent, or an empty folder. Missing parents appear together with it, in one rename.

    Raises:
        DestinationError: it cannot be written; nothing was changed.
    """
    destination = absolute(destination)
    check_destination(destination)
    with _refusals(destination):
        remove_abandoned(destination)
        staging, lock = _claim(_nearest_existing(destination.parent))
        try:
            (staging / "project").mkdir()
            yield staging
            _publish(staging / "project", staging / "parents", destination)
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


def remove_abandoned(destination: Path) -> None:
    """Remove staging folders that no living process holds, wherever a run to this destination may have put one."""
    for parent in destination.parents:
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


def _publish(project: Path, parents: Path, destination: Path) -> None:
    """Put the project in place in one rename, inside whichever of its parents do not exist yet."""
    while True:
        anchor = _nearest_existing(destination.parent)
        missing = destination.relative_to(anchor).parts
        ready = parents.joinpath(*missing)
        ready.parent.mkdir(parents=True)
        os.rename(project, ready)
        try:
            os.rename(parents / missing[0], anchor / missing[0])
            return
        except OSError as error:
            # Another run may have made the parent meanwhile: then the project goes into that one.
            if len(missing) == 1 or error.errno not in {errno.ENOTEMPTY, errno.EEXIST}:
                raise
            os.rename(ready, project)
            shutil.rmtree(parents)


def _nearest_existing(folder: Path) -> Path:
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder


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
