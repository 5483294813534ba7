"""What npm has installed for one project, kept for the next one with the same manifest.

npm unpacks every package anew for each project, which takes longer than all the rest of a first start. uv links files
from its cache, and needs no help.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from generator.project import STATE
from generator.services.folders import cache_folder, held, locked

MANIFEST, LOCK, PACKAGES = "package.json", "package-lock.json", "node_modules"
# Without a lock file the newest versions are wanted: those of a day ago will do.
FRESH_SECONDS = 24 * 3600.0
MOST = 3  # trees, of about 200 MB each
# Members of a manifest on which nothing that npm installs depends.
TITLES = ("name", "version", "description", "author", "license")


class KeptPackages:
    """The packages of projects with one manifest, one toolchain and one set of npm's settings.

    Args:
        project: the project's folder.
        environment: of its installation.
    """

    def __init__(self, project: Path, environment: Mapping[str, str]) -> None:
        self._project = project
        self._folder = cache_folder() / "packages"
        self._folder.mkdir(exist_ok=True)
        self._tree = self._folder / _key(project, environment)

    def lend(self) -> bool:
        """Copy kept packages into the project, if it has none and they are what npm would install; whether it was done.

        A lock file of the project's must be the one they were installed from. Without one it gets theirs.
        """
        if (self._project / PACKAGES).exists():
            return False
        try:
            with locked(self._folder / f"{self._tree.name}.lock"):
                if not self._tree.is_dir() or not self._suits():
                    return False
                os.utime(self._tree)
                return self._copy_here()
        except (OSError, ValueError, KeyError):
            return False  # then npm does it

    def _suits(self) -> bool:
        lock = self._project / LOCK
        if lock.exists():
            return _without_titles(lock) == _without_titles(self._tree / LOCK)
        return time.time() - (self._tree / LOCK).stat().st_mtime < FRESH_SECONDS

    def _copy_here(self) -> bool:
        new = self._project / STATE / f"{PACKAGES}.new"
        if not _copied(self._tree / PACKAGES, new):
            return False
        if not (self._project / LOCK).exists():
            lock, manifest = _read(self._tree / LOCK), _read(self._project / MANIFEST)
            for member in (lock, lock["packages"][""]):
                member.update({title: manifest[title] for title in TITLES if title in member and title in manifest})
            text = json.dumps(lock, indent=2, ensure_ascii=False) + "\n"
            (self._project / LOCK).write_text(text, encoding="utf-8")
        new.rename(self._project / PACKAGES)
        return True

    def keep(self) -> None:
        """Keep what was installed, and drop what was used longest ago. What cannot be kept is not missed."""
        if (self._project / LOCK).is_file() and (self._project / PACKAGES).is_dir():
            with suppress(OSError):
                self._store()
                self._drop_old()

    def _store(self) -> None:
        with locked(self._folder / f"{self._tree.name}.lock"):
            half = self._tree.with_name(f".{self._tree.name}.new")
            shutil.rmtree(half, ignore_errors=True)
            half.mkdir()
            if _copied(self._project / PACKAGES, half / PACKAGES):
                shutil.copyfile(self._project / LOCK, half / LOCK)
                shutil.rmtree(self._tree, ignore_errors=True)
                half.rename(self._tree)
            else:
                shutil.rmtree(half, ignore_errors=True)

    def _drop_old(self) -> None:
        trees = [entry for entry in self._folder.iterdir() if entry.is_dir() and not entry.name.startswith(".")]
        for tree in sorted(trees, key=lambda entry: entry.stat().st_mtime, reverse=True)[MOST:]:
            with held(self._folder / f"{tree.name}.lock") as free:  # or another project is being given it
                if free:
                    shutil.rmtree(tree, ignore_errors=True)


def _key(project: Path, environment: Mapping[str, str]) -> str:
    """A name for all that an installation depends on but the registry's answers."""
    manifest = {name: value for name, value in _read(project / MANIFEST).items() if name not in TITLES}
    settings = {name: value for name, value in environment.items() if re.match("npm_config_|NODE_ENV$", name, re.I)}
    user = Path(environment.get("npm_config_userconfig") or Path(environment.get("HOME", "~"), ".npmrc"))
    files = [
        file.read_bytes().decode(errors="replace") if file.is_file() else "" for file in (project / ".npmrc", user)
    ]
    node = os.path.realpath(shutil.which("node", path=environment.get("PATH")) or "")
    facts = json.dumps(
        [manifest, sorted(settings.items()), files, node, platform.system(), platform.machine()], sort_keys=True
    )
    return hashlib.sha256(facts.encode()).hexdigest()[:24]


def _read(file: Path) -> dict[str, Any]:
    found = json.loads(file.read_text(encoding="utf-8"))
    return found if isinstance(found, dict) else {}


def _without_titles(lock: Path) -> dict[str, Any]:
    content = _read(lock)
    for member in (content, content.get("packages", {}).get("", {})):
        for title in TITLES:
            member.pop(title, None)
    return content


def _copied(source: Path, target: Path) -> bool:
    """Copy a folder; whether it is whole. Copies, not hard links: who edits a package edits it for one project."""
    shutil.rmtree(target, ignore_errors=True)
    done = subprocess.run(["cp", "-a", source, target], capture_output=True, check=False)
    if done.returncode:
        shutil.rmtree(target, ignore_errors=True)
    return done.returncode == 0
