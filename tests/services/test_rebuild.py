"""Reload for what has to be compiled: a toy whose build copies a file, and whose server writes down what it serves."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.runtime import rebuild
from generator.runtime.install import sources_of
from generator.services.waiting import until

BUILD = """
import pathlib, sys
text = pathlib.Path("src/main/app").read_text()
sys.exit("error: broken") if "broken" in text else pathlib.Path("built").write_text(text)
"""
SERVER = """
import pathlib, signal, sys, time
text = pathlib.Path("built").read_text()
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
with open("served", "a") as log: log.write(text + " ")
sys.exit(3) if text == "crash" else time.sleep(60)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pom.xml").write_text("<project/>")
    (tmp_path / "src" / "main").mkdir(parents=True)
    (tmp_path / "src" / "main" / "app").write_text("one")
    return tmp_path


@pytest.fixture
def running(project: Path) -> Iterator[subprocess.Popen[bytes]]:
    plan = {
        "build": [sys.executable, "-c", BUILD],
        "start": [sys.executable, "-c", SERVER],
        "sources": sources_of(project),
    }
    with (project / "said").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", rebuild.__file__, json.dumps(plan)], cwd=project, stdout=said, stderr=said
        )
    yield process
    process.terminate()
    process.wait(20)


def holds(file: Path, text: str) -> bool:
    return until(lambda: file.exists() and text in file.read_text(), 30)


def edit(project: Path, text: str) -> None:
    (project / "src" / "main" / "app").write_text(text)


def test_a_change_is_compiled_and_served(project: Path, running: subprocess.Popen[bytes]) -> None:
    assert holds(project / "served", "one ")

    edit(project, "two")

    assert holds(project / "served", "one two ")


def test_what_cannot_be_compiled_leaves_the_old_server(project: Path, running: subprocess.Popen[bytes]) -> None:
    assert holds(project / "served", "one ")

    edit(project, "broken")

    assert holds(
        project / "said", "error: broken\nNot compiled, so the server runs on as it was. Waiting for a change\n"
    )
    assert (project / "served").read_text() == "one "
    edit(project, "three")
    assert holds(project / "served", "one three ")


def test_a_server_that_ends_is_started_by_the_next_change(project: Path, running: subprocess.Popen[bytes]) -> None:
    assert holds(project / "served", "one ")

    edit(project, "crash")

    assert holds(project / "said", "The server ended with exit code 3. Waiting for a change\n")
    edit(project, "four")
    assert holds(project / "served", "one crash four ")


def test_it_ends_with_its_server(project: Path, running: subprocess.Popen[bytes]) -> None:
    assert holds(project / "served", "one ")

    running.send_signal(signal.SIGTERM)

    assert running.wait(20) == 0


def test_the_sources_are_those_of_the_manifest(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert sources_of(project) == ["pom.xml", "src/main"]
    assert sources_of(tmp_path_factory.mktemp("empty")) == []
