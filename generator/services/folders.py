"""Where tools are kept, and folders that go away again."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from generator.services.guard import GUARD

CACHE_VARIABLE = "SCAFFOLD_CACHE_DIR"


def cache_folder() -> Path:
    """The folder that tools and prepared data are kept in, made if missing.

    ``SCAFFOLD_CACHE_DIR`` if set, otherwise the user's cache folder. Root's is the system's (``/var/cache/scaffold``):
    PostgreSQL does not run as root, and no other account can read below root's home.
    """
    import platformdirs

    given = os.environ.get(CACHE_VARIABLE)
    if given:
        folder = Path(given).absolute()
    elif os.geteuid() == 0:
        folder = Path(platformdirs.site_cache_dir("scaffold", appauthor=False))
    else:
        folder = Path(platformdirs.user_cache_dir("scaffold", appauthor=False))
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
    return folder


@contextlib.contextmanager
def locked(file: Path) -> Iterator[None]:
    """Hold a lock between processes; it ends with the process, however that ends.

    Args:
        file: the lock file, made if missing.
    """
    with file.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def held(file: Path) -> Iterator[bool]:
    """Hold a lock between processes if nobody else does; whether we do.

    Args:
        file: the lock file, made if missing.
    """
    with file.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def open_to_all(folder: Path) -> bool:
    """Tell whether every account may pass through a folder and all those above it.

    Args:
        folder: an existing folder.
    """
    resolved = folder.resolve()
    return all(above.stat().st_mode & 0o001 for above in (resolved, *resolved.parents))


def temporary_folder(name: str, *, for_another_account: bool = False) -> Path:
    """A new folder that is removed when we are gone, whatever ends us.

    Args:
        name: says what it is for; part of its name.
        for_another_account: it must be reachable for an account that is not ours.
    """
    places = [Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")]
    place = next((p for p in places if not for_another_account or (p.is_dir() and open_to_all(p))), places[0])
    folder = place / f"scaffold-{name}-{secrets.token_hex(8)}"
    GUARD.add_folder(folder)  # first: killed between the two, we would leave it behind
    folder.mkdir(mode=0o700)
    return folder


def remove_folder(folder: Path) -> None:
    """Remove a folder made by ``temporary_folder``; one that is gone already is fine.

    Args:
        folder: its path.
    """
    shutil.rmtree(folder, ignore_errors=True)
    GUARD.drop_folder(folder)
