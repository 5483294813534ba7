"""Installing a project's dependencies, once for as long as they stay the same."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from generator.project import Project
from generator.services.folders import locked

# What the first installation writes, so that every later one installs the same versions.
LOCKS = ("package-lock.json", "uv.lock")
MANIFESTS = ("package.json", "pyproject.toml", "pom.xml", *LOCKS)
# What an installation leaves, and the sources that it compiles in.
PRODUCTS = {
    "package.json": ("node_modules", None),
    "pyproject.toml": (".venv/bin/python", None),
    "pom.xml": ("target", "src/main"),
}
STAMP = "installed"


def install_once(project: Project, install: Callable[[], None]) -> bool:
    """Install unless that was done for the same manifests, lock files and place before.

    Args:
        project: what to install.
        install: does it; raises if it fails.

    Returns:
        whether it was done now.

    Raises:
        ScaffoldError: the project's folder cannot be written.
    """
    state = project.make_state()
    stamp = state / STAMP
    with locked(state / ".install.lock"):
        if stamp.is_file() and stamp.read_text(encoding="utf-8") == fingerprint(project.folder):
            return False
        stamp.unlink(missing_ok=True)
        install()
        # Taken afterwards: an installation may write the lock file.
        stamp.write_text(fingerprint(project.folder), encoding="utf-8")
    return True


def fingerprint(folder: Path) -> str:
    """A digest of what an installation depends on, and of whether its product is there.

    Args:
        folder: the project's.
    """
    digest = hashlib.sha256(str(folder.resolve()).encode())
    for name in MANIFESTS:
        manifest = folder / name
        if not manifest.is_file():
            continue
        digest.update(name.encode() + manifest.read_bytes())
        product, sources = PRODUCTS.get(name, (None, None))
        if product and not (folder / product).exists():
            digest.update(b"missing")
        for source in sorted((folder / sources).rglob("*")) if sources else ():
            if source.is_file():
                digest.update(str(source).encode() + source.read_bytes())
    return digest.hexdigest()


def sources_of(folder: Path) -> list[str]:
    """What a build of the project is made from, manifests first, relative to its folder.

    Args:
        folder: the project's.
    """
    found = [name for name in PRODUCTS if (folder / name).is_file()]
    return [*found, *(source for name in found if (source := PRODUCTS[name][1]))]
