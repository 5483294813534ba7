"""``scaffold check`` on a project: what it prints, what it refuses, and how it leaves."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path

import pytest

from tests.contract.conftest import World

PASSES = """
@case("things.one", points=1, reason="One.")
def test_one(api):
    assert api.get("/things").status_code == 200
"""
FAILS = (
    PASSES
    + """
@case("things.two", points=1, reason="Two.")
def test_two(api):
    assert api.get("/door").status_code == 200

@case("windows.three", points=2, reason="Three.")
def test_three():
    pass
"""
)


def test_all_passed_is_exit_code_0_and_100(world: World) -> None:
    world.contract(PASSES)
    outcome = world.check(cwd=world.project("toy"))
    assert outcome.code == 0, outcome.err
    assert "Score 100%  2 of 2 points: 2 passed, 0 failed, 0 not run" in outcome.out
    assert outcome.out.isascii()
    assert "running 2 cases" in outcome.err


def test_failures_stand_out_in_plain_text(world: World) -> None:
    world.contract(FAILS)
    outcome = world.check(str(world.project("toy")), "--only", "things.*", "--only", "*three")
    assert outcome.code == 1
    for line in (
        "  ok   things.one",
        "  FAIL things.two",
        "nothing at GET /door: 404 (1 case)",
        "  rule  Two.",
        "things  1/2",
    ):
        assert f"\n{line}\n" in outcome.out
    assert "Score 75%" in outcome.out
    assert "\x1b" not in outcome.out


def test_fail_fast_stops_and_says_so(world: World) -> None:
    world.contract(FAILS)
    outcome = world.check(str(world.project("toy")), "-x", "--json")
    assert outcome.code == 1
    assert outcome.cases["things.two"]["outcome"] == "failed"
    assert outcome.cases["windows.three"]["outcome"] == "skipped"
    assert outcome.cases["windows.three"]["reason"] == "not run: stopped after the first failure"


def test_list_runs_nothing(world: World) -> None:
    world.contract(FAILS)
    project = world.project("toy")
    (project / "FAIL_AT").write_text("install")
    outcome = world.check(str(project), "--list", "--json")
    assert outcome.code == 0
    listed = json.loads(outcome.out)
    assert [case["id"] for case in listed["cases"]] == [
        "things.one",
        "things.two",
        "windows.three",
        "shared.health.answers",
    ]
    assert "windows.three  (2)  Three." in world.check("--list", "--idea", "toy").out


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        ("install", "install command failed with exit code 3: toy cannot install: no network"),
        ("migrate", "migrate command failed with exit code 3: toy cannot migrate: no network"),
        ("start", "ended with exit code 7: cannot open the pod bay"),
        ("manifest", "is not a generated project"),
        ("only", "No case matches doors.*"),
        ("junit", "cannot be written"),
    ],
)
def test_what_cannot_run_is_exit_code_2_and_one_line(world: World, spoil: str, says: str) -> None:
    world.contract(PASSES)
    project = world.project("toy")
    if spoil == "start":
        (project / "tamper.py").write_text("print('cannot open the pod bay'); sys.exit(7)")
    elif spoil == "manifest":
        (project / ".scaffold.yml").unlink()
    else:
        (project / "FAIL_AT").write_text(spoil)
    more = {"only": ("--only", "doors.*"), "junit": ("--junit", "no/such/folder.xml")}
    outcome = world.check(str(project), "--json", *more.get(spoil, ()))
    assert (outcome.code, outcome.out) == (2, "")
    assert says in outcome.err.splitlines()[-1]
    assert "Traceback" not in outcome.err


def test_the_result_is_shown_although_junit_cannot_be_written(world: World) -> None:
    world.contract(PASSES)
    outcome = world.check(str(world.project("toy")), "--junit", "/dev/full")
    assert outcome.code == 2
    assert "Score 100%" in outcome.out
    assert "/dev/full cannot be written" in outcome.err


RAISES = """
@case("things.one", points=1, reason="One.")
def test_one(api):
    int(api.get("/things").headers["no-such-header"])

@case("things.two", points=1, reason="Two.")
def test_two(api):
    assert {*range(40)} == {*range(30)}
"""


def test_a_failure_is_placed_in_the_contract_and_speaks_of_no_test_runner(world: World) -> None:
    world.contract(RAISES)
    outcome = world.check(str(world.project("toy")))
    assert outcome.code == 1
    assert " ".join(outcome.out.split()).count("at test_toy.py:") == 2
    assert "_models.py" not in outcome.out
    assert "Use -v" not in outcome.out


def test_no_install_does_not_install(world: World) -> None:
    world.contract(PASSES)
    project = world.project("toy")
    (project / "FAIL_AT").write_text("install")
    assert world.check(str(project), "--no-install").code == 0


BROKEN = {
    "@case('Things.One', points=1, reason='x')\ndef test_a(): pass": "case 'Things.One': an id is",
    "@case('things', points=1, reason='x')\ndef test_a(): pass": "case 'things': an id is two or more segments",
    "@case('a.c', points=0, reason='x')\ndef test_a(): pass": "case 'a.c': points must be at least 1",
    "@case('a.d', points=1, reason=' ')\ndef test_a(): pass": "case 'a.d': a reason is one line",
    "@case('a.e', points=1, reason='x', needs=('luck',))\ndef test_a(): pass": "case 'a.e': needs is a tuple of",
    "@case('a.f', points=1, reason='x', auth='jwt')\ndef test_a(): pass": "case 'a.f': auth is a tuple of",
    "import nothing_of_that_name": "No module named 'nothing_of_that_name'",
}


def test_a_file_that_cannot_be_read_breaks_the_contract(world: World) -> None:
    for number, source in enumerate(BROKEN):
        world.contract(source, name=f"test_{number}.py")
    outcome = world.check("--list", "--idea", "toy")
    assert outcome.code == 2
    for number, says in enumerate(BROKEN.values()):
        assert f"test_{number}.py" in outcome.err
        assert says in outcome.err


def test_ids_are_unique_and_every_test_has_one(world: World) -> None:
    world.contract("def test_nameless(): pass")
    world.contract("x = case('a.b', points=1, reason='x')\n@x\ndef test_a(): pass\n@x\ndef test_b(): pass", "test_2.py")
    world.contract("@case('shared.health.answers', points=1, reason='x')\ndef test_a(): pass", "test_3.py")
    outcome = world.check("--list", "--idea", "toy")
    assert outcome.code == 2
    assert "test_nameless has no @case" in outcome.err
    assert "the id 'a.b' is used twice" in outcome.err
    assert "the id 'shared.health.answers' is used twice" in outcome.err


def test_helpers_may_not_hide_each_other(world: World) -> None:
    world.contract(PASSES)
    world.contract("", name="helpers.py")
    outcome = world.check("--list", "--idea", "toy")
    assert outcome.code == 2
    assert "have one name" in outcome.err


def test_nothing_that_applies_is_not_a_success(world: World) -> None:
    world.contract("@case('a.b', points=1, reason='x', auth=('jwt',))\ndef test_a(): pass")
    outcome = world.check(str(world.project("toy")), "--only", "a.*", "--json")
    assert outcome.code == 2
    assert outcome.report["score"] == 0
    assert "nothing was checked" in outcome.err


WAITS = """
import time
@case('a.b', points=1, reason='x')
def test_a(server, boot):
    with boot() as other:
        open(FILE, "w").write(f"{server.pid} {other.pid}")
        time.sleep(60)
"""


def test_interrupting_leaves_nothing_running(world: World) -> None:
    told = world.folder / "pids"
    world.contract(WAITS.replace("FILE", repr(str(told))))
    process = world.start("-m", "generator", "check", str(world.project("toy")))
    while not (told.exists() and told.read_text().count(" ")):
        assert process.poll() is None
        time.sleep(0.05)
    pids = told.read_text().split()
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 130
    assert not [pid for pid in pids if Path("/proc", pid).exists()]
