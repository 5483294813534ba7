"""Whenever it is killed, a run leaves no project or the whole one, and the next run clears away what it left.

Everyday a fraction of the kills is tried; ``SCAFFOLD_KILLS=200`` tries as many as it says.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

import generator.prompts  # noqa: F401  (what a run imports is imported here, once, before the forks)
from generator.cli.app import main
from generator.render import preload
from generator.staging import PREFIX, remove_abandoned
from tests.cli.command import tree

KILLS = int(os.environ.get("SCAFFOLD_KILLS", "16"))
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)
TRIES = 3  # the fastest tells how long a run takes: kills must not all come after its end
PROJECT = Path("some") / "where" / "links"


@dataclass(frozen=True)
class Run:
    """``scaffold new`` in a process of its own, forked from this one so that no time goes into imports."""

    pid: int
    started: float

    @classmethod
    def begin(cls, here: Path, *flags: str, into: str = str(PROJECT)) -> Run:
        pid = os.fork()
        if pid == 0:
            _become_scaffold(here, "new", "url-shortener", into, "--yes", *flags)
        return cls(pid, time.monotonic())

    def end(self) -> float:
        """Wait for it; how long it took, in seconds."""
        os.waitpid(self.pid, 0)
        return time.monotonic() - self.started

    def kill_after(self, seconds: float, number: int) -> None:
        time.sleep(max(0.0, self.started + seconds - time.monotonic()))
        os.kill(self.pid, number)
        os.waitpid(self.pid, 0)

    def kill_in_rename(self, here: Path, delay: float, number: int) -> bool:
        """Kill it as soon as the final rename has begun; whether it was still alive then."""
        return self.kill_when(lambda: (here / PROJECT).exists() or any(here.glob(f"{PREFIX}*/parents")), delay, number)

    def kill_when(self, ready: Callable[[], bool], delay: float, number: int) -> bool:
        """Kill it some seconds after something is so; whether it was still alive then."""
        while os.waitpid(self.pid, os.WNOHANG) == (0, 0):
            if ready():
                time.sleep(delay)
                os.kill(self.pid, number)
                os.waitpid(self.pid, 0)
                return True
        return False


def test_a_kill_leaves_nothing_or_everything(tmp_path: Path) -> None:
    preload()
    whole, seconds = _reference(tmp_path / "reference")
    here = tmp_path / "here"
    here.mkdir()
    chance = random.Random(20260101)
    left = {"absent": 0, "complete": 0, "late": 0}

    for kill in range(KILLS):
        number = chance.choice(SIGNALS)
        run = Run.begin(here, "--git" if kill % 4 == 1 else "--no-git")
        if kill % 5 == 0:
            left["late"] += run.kill_in_rename(here, chance.uniform(0, 0.002), number)
        else:
            run.kill_after(chance.uniform(0, 1.1 * seconds), number)

        if (here / PROJECT).exists():
            assert tree(here / PROJECT) == whole, f"kill {kill} by {number!r} left half a project"
            assert (here / PROJECT / ".env").exists()
            left["complete"] += 1
        else:
            assert not (here / PROJECT.parts[0]).exists(), f"kill {kill} by {number!r} left an empty parent"
            left["absent"] += 1
        shutil.rmtree(here / PROJECT.parts[0], ignore_errors=True)

    Run.begin(here, "--no-git").end()
    assert [path.name for path in here.iterdir()] == [PROJECT.parts[0]], "the next run clears away what kills left"
    assert tree(here / PROJECT) == whole
    assert left["absent"] >= KILLS // 10, left
    assert left["late"] >= KILLS // 5 // 3, f"too few kills came after the rename had begun: {left}"


def test_a_kill_leaves_a_clone_as_it_was_or_the_next_run_does(tmp_path: Path) -> None:
    preload()
    theirs = {"README.md": b"# Theirs\n", ".gitignore": b"*.log\n", "LICENSE": b"Theirs\n"}
    references = [make_folder(tmp_path / str(-number) / "links", theirs) for number in range(1, TRIES + 1)]
    seconds = min(Run.begin(reference, "--no-git", into=".").end() for reference in references)
    whole = tree(references[0])
    assert whole["LICENSE"] == theirs["LICENSE"]
    assert whole["README.md"].startswith(theirs["README.md"])
    chance = random.Random(20260102)
    seen = {"absent": 0, "half": 0, "complete": 0}

    for kill in range(KILLS):
        number = chance.choice(SIGNALS)
        here = make_folder(tmp_path / str(kill) / "links", theirs)
        run = Run.begin(here, "--no-git", into=".")
        if kill % 2:
            run.kill_when(partial(moves, here), chance.uniform(0, 0.001), number)
        else:
            run.kill_after(chance.uniform(0, 1.1 * seconds), number)

        left = {name: text for name, text in tree(here).items() if PREFIX not in name}
        seen["complete" if left == whole else "absent" if left == theirs else "half"] += 1
        for name, text in theirs.items():
            assert left[name] in (text, whole[name]), f"kill {kill} by {number!r} lost {name}"
        if left not in (theirs, whole):
            assert number == signal.SIGKILL, f"kill {kill} by {number!r} left half a project"
        remove_abandoned(here)
        assert tree(here) in (theirs, whole), f"kill {kill} by {number!r}"
        if tree(here) == theirs:
            Run.begin(here, "--no-git", into=".").end()
        assert tree(here) == whole
        assert (here / ".env").exists()
        shutil.rmtree(here.parent)

    assert seen["absent"] >= KILLS // 10, seen
    assert seen["complete"] + seen["half"] >= KILLS // 10, seen


def moves(folder: Path) -> bool:
    """Whether a run has begun to move files into a folder."""
    return any(folder.glob(f"{PREFIX}*/journal.json"))


def make_folder(folder: Path, files: dict[str, bytes]) -> Path:
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def test_a_refused_run_clears_away_as_well(tmp_path: Path) -> None:
    """After a kill behind the rename, the same command is refused: the project is there."""
    Run.begin(tmp_path, "--no-git").end()
    (tmp_path / f"{PREFIX}dead" / "template").mkdir(parents=True)

    Run.begin(tmp_path, "--no-git").end()

    assert [path.name for path in tmp_path.iterdir()] == [PROJECT.parts[0]]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_run_that_is_told_to_stop_cleans_up_by_itself(tmp_path: Path, number: int, code: int) -> None:
    preload()
    run = Run.begin(tmp_path, "--no-git")
    while not any(tmp_path.glob(f"{PREFIX}*/template")):
        time.sleep(0.001)
    os.kill(run.pid, number)
    _, status = os.waitpid(run.pid, 0)

    assert os.waitstatus_to_exitcode(status) == code
    assert list(tmp_path.iterdir()) == []


def _reference(here: Path) -> tuple[dict[str, bytes], float]:
    """The whole project and how long it takes to make, in seconds."""
    seconds = []
    for number in range(TRIES):
        folder = here / str(number)
        folder.mkdir(parents=True)
        seconds.append(Run.begin(folder, "--no-git").end())
    return tree(folder / PROJECT), min(seconds)


def _become_scaffold(here: Path, *arguments: str) -> None:
    code = 1
    try:
        os.chdir(here)
        quiet = open(os.devnull, "r+")  # noqa: SIM115  (open until this process ends)
        for descriptor in range(3):
            os.dup2(quiet.fileno(), descriptor)
        sys.stdin = sys.stdout = sys.stderr = quiet
        sys.argv = ["scaffold", *arguments]
        signal.signal(signal.SIGINT, signal.default_int_handler)
        main()
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else 0
    except KeyboardInterrupt:
        code = 130
    finally:
        os._exit(code)
