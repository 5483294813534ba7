"""Folders that proofs take turns in: under a path that stays the same, tools find what they have cached."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from generator.services.folders import cache_folder, held

MOST = 32


@contextmanager
def place() -> Iterator[Path]:
    """An empty folder that no other proof uses meanwhile, emptied again at the end."""
    locks = cache_folder() / "proofs"
    locks.mkdir(exist_ok=True)
    with ExitStack() as claims:
        for number in range(MOST):
            if claims.enter_context(held(locks / f"place-{number}.lock")):
                break
        else:
            raise RuntimeError(f"{MOST} proofs run already")
        folder = Path(tempfile.gettempdir()) / f"scaffold-proofs-{os.getuid()}" / str(number)
        _clear(folder)
        folder.mkdir(parents=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _clear(folder: Path) -> None:
    """Take away what a prover left that was ended: servers of its may be about to write there again."""
    if folder.exists():
        left = Path(tempfile.mkdtemp(prefix="scaffold-left-"))
        folder.rename(left / folder.name)
        shutil.rmtree(left, ignore_errors=True)


def tool_caches(folder: Path) -> dict[str, str]:
    """Where tools keep what they know of the packages of the project in a place, from proof to proof.

    Args:
        folder: the place.
    """
    kept = cache_folder() / "proofs" / f"tools-{folder.name}"
    kept.mkdir(parents=True, exist_ok=True)
    return {"MYPY_CACHE_DIR": str(kept / "mypy"), "RUFF_CACHE_DIR": str(kept / "ruff")}


def keep(project: Path, name: str) -> Path:
    """Move a project out of its place, to be looked into; its new folder.

    Args:
        name: of the combination.
    """
    kept = Path(tempfile.mkdtemp(prefix=f"scaffold-failed-{name}-")) / project.name
    with contextlib.suppress(FileNotFoundError):
        project.rename(kept)
    return kept
