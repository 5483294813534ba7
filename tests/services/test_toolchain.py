"""Programs are taken from the machine if they are new enough, and provided or asked for if not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from generator.errors import ScaffoldError
from generator.runtime.commands import tools_for
from generator.runtime.toolchain import NODE, java_home, java_major, node_version, programs_environment
from tests.services.toy_project import ToyProject


def program(folder: Path, name: str, says: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text(f"#!/bin/sh\necho '{says}'\n")
    file.chmod(0o755)
    return file


def jdk(folder: Path, version: str) -> Path:
    program(folder / "bin", "javac", version)
    (folder / "release").write_text(f'IMPLEMENTOR="x"\nJAVA_VERSION="{version}"\n')
    return folder


def test_a_new_enough_node_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "node", "v24.9.0")
    program(tmp_path, "npm", "11")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert programs_environment({"node", "npm"}) == {"PATH": f"{tmp_path}:/usr/bin:/bin"}


@pytest.mark.parametrize("version", ["v20.20.2", "v24.6.9", "nonsense"])
def test_an_old_node_is_replaced_with_one_whose_npm_works(
    version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path, "node", version)
    program(tmp_path, "npm", "6")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    path = programs_environment({"npm"})["PATH"]
    found = subprocess.run(
        ["npm", "exec", "--offline", "-c", "node --version"],
        env={"PATH": path, "HOME": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == f"v{NODE.version}"


def test_the_version_of_a_node_that_is_not_there() -> None:
    assert node_version("/nowhere/node") == (0, 0)


def test_java_home_wins_if_it_is_new_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(jdk(tmp_path / "new", "21.0.4")))
    assert java_home() == tmp_path / "new"
    monkeypatch.setenv("JAVA_HOME", str(jdk(tmp_path / "old", "17.0.1")))
    monkeypatch.setenv("PATH", f"{jdk(tmp_path / 'path', '23') / 'bin'}:/usr/bin:/bin")
    assert java_home() == tmp_path / "path"


def test_a_runtime_without_a_compiler_is_no_jdk(tmp_path: Path) -> None:
    (jdk(tmp_path, "21") / "bin" / "javac").unlink()
    assert java_major(tmp_path) == 0
    assert java_major(tmp_path / "nowhere") == 0


def test_a_missing_program_is_named_with_its_fix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(jdk(tmp_path, "21")))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ScaffoldError, match=r"mvn is not on PATH\. Install Maven"):
        programs_environment({"mvn"})


def test_python_projects_get_our_python_but_keep_their_own(toy: ToyProject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UV_PYTHON", raising=False)
    monkeypatch.setattr(ToyProject, "commands", lambda self: {"install": ("uv", "sync")})
    tools = tools_for(toy)
    assert tools["UV_PYTHON"] == sys.executable
    assert subprocess.run(["uv", "--version"], env=tools, check=False).returncode == 0
    (toy.folder / ".venv").mkdir()
    assert "UV_PYTHON" not in tools_for(toy)
    assert os.environ.get("UV_PYTHON") is None
