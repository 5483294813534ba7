"""A process of cases that is ended from outside says nothing about the project; Ctrl-C keeps what is known."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.contract.conftest import World

# The first so many runs of the case are killed, as the kernel does when memory runs out.
KILLED = """
import os, signal, sys

@case("things.one", points=1, reason="One.")
def test_one(api):
    assert api.get("/things").status_code == 200

@case("things.two", points=1, reason="Two.")
def test_two(api):
    path = "COUNTER"
    with open(path, "a") as file:
        file.write("x")
    if os.path.getsize(path) <= TIMES:
        os.kill(os.getpid(), signal.HOW)

@case("things.three", points=1, reason="Three.")
def test_three(api):
    assert api.get("/things").status_code == 200
"""


def killed(world: World, times: int, how: str = "SIGKILL") -> str:
    path = str(world.folder / "counter")
    return KILLED.replace("COUNTER", path).replace("TIMES", str(times)).replace("HOW", how)


def test_a_killed_process_is_tried_once_more(world: World) -> None:
    world.contract(killed(world, 1))
    outcome = world.check(str(world.project("toy")), "--json")
    assert outcome.code == 0, outcome.err
    assert outcome.report["score"] == 100
    assert "was ended (SIGKILL), so it is started again" in outcome.err


def test_what_the_process_said_is_shown(world: World) -> None:
    world.contract(killed(world, 1, "SIGABRT"))
    outcome = world.check(str(world.project("toy")))
    assert outcome.code == 0, outcome.err
    assert "was ended (SIGABRT), so it is started again. It said:" in outcome.err
    assert 'File "' in outcome.err  # what faulthandler prints


def test_killed_twice_nothing_was_found_out(world: World) -> None:
    world.contract(killed(world, 2))
    project = world.project("toy")
    outcome = world.check(str(project), "--json", "--junit", str(world.folder / "junit.xml"))
    assert outcome.code == 2
    assert outcome.report["score"] is None
    assert "was ended again (SIGKILL)" in outcome.report["lost"]
    told = {name: case["outcome"] for name, case in outcome.cases.items()}
    assert "failed" not in told.values()
    assert told["things.one"] == "passed"
    assert outcome.cases["things.three"]["reason"] == "not run: the process that runs the cases was ended"
    root = ElementTree.parse(world.folder / "junit.xml").getroot()
    assert len(root.findall(".//error")) == 1
    assert "nothing certain was found out" in " ".join(_text(world, project).split())


def _text(world: World, project: Path) -> str:
    (world.folder / "counter").unlink()
    outcome = world.check(str(project))
    assert outcome.code == 2
    assert "Score" not in outcome.out
    return outcome.out


SLOW = """
import time

@case("things.fails", points=1, reason="Fails.")
def test_fails(api):
    assert api.get("/door").status_code == 200

@case("things.passes", points=1, reason="Passes.")
def test_passes(api):
    assert api.get("/things").status_code == 200

@case("things.waits", points=1, reason="Waits.")
def test_waits(api):
    if WAITS:
        open("FLAG", "w").close()
        time.sleep(60)
"""


def test_ctrl_c_keeps_what_is_known_and_can_be_gone_on_with(world: World) -> None:
    flag = world.folder / "flag"
    world.contract(SLOW.replace("FLAG", str(flag)).replace("WAITS", "True"))
    project = world.project("toy")
    process = subprocess.Popen(
        [sys.executable, "-m", "generator", "check", str(project)],
        cwd=world.folder,
        env=world.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 90
    while not flag.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=90)
    assert process.returncode == 130, err
    assert "Interrupted: this is what was known by then." in out
    assert "No score" in out  # whoever ended it may have chosen the moment
    assert "1 passed, 1 failed, 2 not run" in out
    assert "--last-failed" in out
    world.contract(SLOW.replace("FLAG", str(flag)).replace("WAITS", "False"))
    again = world.check(str(project), "--last-failed", "--json")
    assert list(again.cases) == ["things.fails"]
    assert again.code == 1


FAILS = """
@case("things.one", points=1, reason="One.")
def test_one(api):
    assert api.get("/door").status_code == STATUS

@case("things.two", points=1, reason="Two.")
def test_two(api):
    assert api.get("/things").status_code == 200
"""


def test_last_failed_runs_those_alone_until_they_pass(world: World) -> None:
    world.contract(FAILS.replace("STATUS", "200"))
    project = world.project("toy")
    assert world.check(str(project)).code == 1
    assert list(world.check(str(project), "--last-failed", "--json").cases) == ["things.one"]
    # A check of others does not forget it.
    assert world.check(str(project), "--only", "things.two").code == 0
    world.contract(FAILS.replace("STATUS", "404"))
    assert world.check(str(project), "--last-failed").code == 0
    none = world.check(str(project), "--last-failed")
    assert none.code == 2
    assert "No failed case is remembered" in none.err


@pytest.mark.parametrize("more", [("--only", "things.*"), ("--list",)])
def test_last_failed_goes_with_a_folder_alone(world: World, more: tuple[str, ...]) -> None:
    world.contract(FAILS.replace("STATUS", "200"))
    outcome = world.check(str(world.project("toy")), "--last-failed", *more)
    assert (outcome.code, outcome.out) == (2, "")


def test_the_log_stays_and_git_ignores_it(world: World) -> None:
    world.contract(FAILS.replace("STATUS", "200"))
    project = world.project("toy")
    outcome = world.check(str(project), "--json")
    log = Path(outcome.report["log"])
    assert log == project / ".scaffold/check.log"
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines() if line.startswith("{")]
    assert any("/door" in line["message"] for line in lines)
    assert (project / ".scaffold/.gitignore").read_text() == "*\n"
