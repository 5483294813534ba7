"""Packages are installed once for each set of manifests, and lent to other projects of the same set as hard links."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from generator.runtime.install import LOCKS
from generator.runtime.stack import Stack
from generator.services.folders import cache_folder, locked

# npm reads and unpacks every package again for each project; uv links from its cache by itself.
LENT = {"package.json": "node_modules"}


def install(stack: Stack) -> None:
    """Install a project's packages, or take those of another project with the same manifests and toolchain.

    The lock file comes along. The project's own installation is run all the same: it finds everything in place, or
    says what is not.

    Raises:
        ScaffoldError: the installation failed.
    """
    project = stack.project.folder
    manifests = [name for name in LENT if (project / name).is_file()]
    if not manifests:
        stack.install()
        return
    kept = cache_folder() / "proofs"
    kept.mkdir(exist_ok=True)
    for name in manifests:
        store = kept / _key(stack, project / name)
        with locked(kept / f"{store.name}.lock"):
            if store.is_dir():
                _link(store, project)
            stack.install()
            if not store.is_dir():
                _keep(project, LENT[name], store)


def _key(stack: Stack, manifest: Path) -> str:
    """A name for what an installation depends on: the manifest, and the toolchain by its place."""
    content = hashlib.sha256(manifest.read_bytes() + stack.environment["PATH"].encode())
    return f"{manifest.stem}-{content.hexdigest()[:24]}"


def _keep(project: Path, packages: str, store: Path) -> None:
    half = store.with_name(f".{store.name}.{os.getpid()}")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir()
    try:
        copy_tree(project / packages, half)
        for lock in LOCKS:
            with contextlib.suppress(FileNotFoundError):
                shutil.copyfile(project / lock, half / lock)
        half.rename(store)
    finally:
        shutil.rmtree(half, ignore_errors=True)


def _link(store: Path, project: Path) -> None:
    for entry in store.iterdir():
        if entry.is_dir():
            copy_tree(entry, project)
        else:
            shutil.copyfile(entry, project / entry.name)


def copy_tree(folder: Path, into: Path) -> None:
    """Copy a folder by hard links, or byte for byte onto another file system."""
    linked = subprocess.run(["cp", "-al", folder, into], capture_output=True, check=False)
    if linked.returncode:
        shutil.rmtree(into / folder.name, ignore_errors=True)
        shutil.copytree(folder, into / folder.name, symlinks=True)
