"""A small world to check in: a copy of ``scaffold`` with a toy idea, a toy framework and toy projects."""

from __future__ import annotations

import compileall
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import generator

collect_ignore = ["toy"]

TOY = Path(__file__).parent / "toy"
SKIP = shutil.ignore_patterns("__pycache__", "templates")


@dataclass
class Outcome:
    """What ``scaffold check`` did, the world's folder, and byte code found in the templates afterwards."""

    code: int
    out: str
    err: str
    seconds: float
    folder: Path = Path()
    byte_code: list[Path] = field(default_factory=list)

    @property
    def report(self) -> dict[str, Any]:
        """The JSON it printed; nothing else may be on standard output."""
        report: dict[str, Any] = json.loads(self.out)
        return report

    @property
    def cases(self) -> dict[str, dict[str, Any]]:
        """The report's cases by id."""
        return {case["id"]: case for case in self.report["cases"]}


class World:
    """A folder for projects, and a copy of the package with toy templates beside it.

    Args:
        package: where that copy lies, or is to be made; worlds share it, one after the other.
        folder: the world's own folder.
    """

    def __init__(self, package: Path, folder: Path) -> None:
        self.package, self.folder = package, folder
        self.templates = package / "templates"
        if not (package / "generator").exists():
            shutil.copytree(Path(generator.__file__).parent, package / "generator", ignore=SKIP)
            _never_busy(package / "generator/contract/starvation.py")
            compileall.compile_dir(package / "generator", quiet=1)
        shutil.rmtree(self.templates, ignore_errors=True)
        shutil.copytree(TOY / "templates", self.templates)

    def contract(self, source: str, name: str = "test_toy.py") -> None:
        """Write a case file of the toy idea."""
        contract = self.templates / "beginner/toy/contract"
        contract.mkdir(exist_ok=True)
        (contract / name).write_text(f"from generator.contract import case\n{source}", "utf-8")

    def project(self, name: str, auth: str = "none", cache: str = "memory") -> Path:
        """A generated toy project."""
        folder = self.folder / name
        shutil.copytree(TOY / "project", folder)
        manifest = (folder / "scaffold.yml").read_text("utf-8").replace("AUTH", auth).replace("CACHE", cache)
        (folder / ".scaffold.yml").write_text(manifest, "utf-8")
        return folder

    def check(self, *arguments: str, cwd: Path | None = None, env: dict[str, str] | None = None) -> Outcome:
        """Run ``scaffold check`` as a user would."""
        return self.run("-m", "generator", "check", *arguments, cwd=cwd, env=env)

    def run(
        self,
        *command: str,
        cwd: Path | None = None,
        env: dict[str, str] | None = None,
        python: str = sys.executable,
        user: str | None = None,
        timeout: float = 150,
    ) -> Outcome:
        """Run Python on the world's copy of the package, as another user if one is named."""
        began = time.monotonic()
        done = subprocess.run(
            [python, *command],
            user=user,
            cwd=cwd or self.folder,
            env=self.environment(env),
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        return Outcome(done.returncode, done.stdout, done.stderr, time.monotonic() - began)

    def environment(self, changes: dict[str, str] | None = None) -> dict[str, str]:
        """What Python needs to run the world's copy of the package."""
        return {**os.environ, "PYTHONPATH": str(self.package), "PYTHONDONTWRITEBYTECODE": "1", **(changes or {})}

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """The same, without waiting for it."""
        return subprocess.Popen(
            [sys.executable, *command],
            cwd=self.folder,
            env=self.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    @contextmanager
    def serving(self, auth: str = "none") -> Iterator[str]:
        """A toy server that somebody else runs; its address."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        process = subprocess.Popen(
            [sys.executable, str(TOY / "project/server.py")],
            env={**os.environ, "PORT": str(port), "TOY_AUTH": auth},
            stdout=subprocess.PIPE,
        )
        try:
            assert process.stdout is not None
            assert b"listening" in process.stdout.readline()
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()
            process.communicate()


def _never_busy(starvation: Path) -> None:
    """What a check prints must not depend on what else this machine does; test_busy.py brings a measure of its own."""
    text, count = re.subn(r"^(\w+_LIMIT) = .*", r"\1 = 2.0", starvation.read_text("utf-8"), flags=re.MULTILINE)
    assert count == 3, "where are the limits from which on a machine counts as busy?"
    starvation.write_text(text, "utf-8")


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the copy of the package lies that worlds share."""
    return tmp_path_factory.mktemp("package")


@pytest.fixture
def world(package: Path, tmp_path: Path) -> World:
    """A world of the test's own."""
    return World(package, tmp_path)
