"""All or nothing: a project is built in a sibling folder and renamed into place, or moved into a folder that stays.

The folder is held by a lock that dies with the process, so that a later run can tell an abandoned one from one in
use, however the earlier run ended.
"""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import shutil
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from generator.errors import DestinationError
from generator.filling import JOURNAL, PREFIX, fill, strangers, undo


@contextmanager
def staged(destination: Path) -> Iterator[Path]:
    """Give a working folder beside the destination; what the body leaves in its ``project/`` becomes the destination.

    Args:
        destination: absent, or a folder that may be filled. Missing parents appear together with it, in one rename.

    Raises:
        DestinationError: it cannot be written; nothing was changed.
    """
    destination = absolute(destination)
    remove_abandoned(destination)
    check_destination(destination)
    with _refusals(destination):
        stays = _stays(destination)
        claimed: tuple[Path, int] | None = None
        try:
            with _undisturbed():
                claimed = staging, _ = _claim(destination if stays else _nearest_existing(destination.parent))
            (staging / "project").mkdir()
            yield staging
            with _undisturbed():
                if stays:
                    fill(staging, destination)
                else:
                    _publish(staging / "project", staging / "parents", destination)
                _discard(*claimed)
                claimed = None
        finally:
            with _undisturbed():
                if claimed:
                    _discard(*claimed)


def absolute(path: Path) -> Path:
    """The path made absolute and normal without following a link at its end."""
    return Path(os.path.abspath(path))


def check_destination(destination: Path) -> None:
    """Refuse a destination that holds anything but what a fresh clone may hold, before any work is done.

    Raises:
        DestinationError: a file, a link, a folder with something else in it, or a parent that is not a folder.
    """
    if "\0" in str(destination):
        raise DestinationError("The destination holds a NUL character", "Give a plain folder name.")
    try:
        if destination.is_symlink():
            raise DestinationError(f"{destination} is a link", "Give the folder itself, or a new name.")
        if destination.exists():
            if not destination.is_dir():
                raise DestinationError(f"{destination} is a file", "Give a folder that does not exist yet.")
            found = strangers(destination)
            if found:
                more = f" and {len(found) - 1} more" if len(found) > 1 else ""
                raise DestinationError(
                    f"{destination} is not empty: it holds {_printable(found[0])}{more}",
                    "Give a new folder, or one with nothing but .git, README, LICENSE and .gitignore.",
                )
        if not _nearest_existing(destination.parent).is_dir():
            raise DestinationError(f"{destination} lies under a file", "Give a folder that does not exist yet.")
    except OSError as error:
        raise _refusal(destination, error) from error


def remove_abandoned(destination: Path) -> None:
    """Remove staging folders that no living process holds, wherever a run to this destination may have put one.

    Raises:
        DestinationError: the destination holds half a project, and somebody has worked on it since.
    """
    for parent in (destination, *destination.parents):
        for folder in _left_in(parent):
            try:
                lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            except OSError:
                continue
            needed = False
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                needed = not undo(folder)
                if not needed:
                    shutil.rmtree(folder, ignore_errors=True)
            except OSError:
                pass
            finally:
                os.close(lock)
            if needed and parent == destination:
                raise DestinationError(
                    f"{destination} holds half a project of a run that was killed, and has been worked on since",
                    f"Its other half is in {folder.name}: move it here, or remove both.",
                )


def _left_in(parent: Path) -> list[Path]:
    try:
        return list(parent.glob(f"{PREFIX}*"))
    except (OSError, ValueError):  # it cannot be read: whoever wants to write there is told
        return []


def _stays(destination: Path) -> bool:
    """Whether the destination is a folder that cannot be replaced by another."""
    if not destination.is_dir():
        return False
    parent = destination.parent
    return (
        next(destination.iterdir(), None) is not None
        or destination == Path.cwd()
        or not os.access(parent, os.W_OK)
        or parent.stat().st_dev != destination.stat().st_dev
    )


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


def _discard(staging: Path, lock: int) -> None:
    if not (staging / JOURNAL).exists():  # else what it holds is still needed to take back what was moved
        shutil.rmtree(staging, ignore_errors=True)
    os.close(lock)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Hold Ctrl-C and SIGTERM back for a moment, so that no folder is left that nobody remembers."""
    if threading.current_thread() is not threading.main_thread():  # only that one gets signals
        yield
        return
    came: list[int] = []

    def remember(number: int, frame: FrameType | None) -> None:
        came.append(number)

    before = {number: signal.signal(number, remember) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for held in came:
            signal.raise_signal(held)


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
        errno.EEXIST: "Give a folder that does not exist yet.",
        errno.ENOTEMPTY: "Give a folder that does not exist yet.",
    }
    return DestinationError(
        f"{_printable(str(destination))} cannot be written: {reason}",
        fixes.get(error.errno or 0, "Give a folder that you may write to."),
    )


def _printable(name: str) -> str:
    return ascii(name)[1:-1]
