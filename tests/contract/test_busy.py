"""A case that fails while the machine is starved is run once more, alone; any other failure stands."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.contract.conftest import Outcome, World

# Each counts how often it was run, and fails the first time or always.
CASES = """
import os
import time

def runs(name):
    with open(f"FOLDER/{name}", "a") as file:
        file.write("x")
    return os.path.getsize(f"FOLDER/{name}")

@case("busy.late-once", points=1, reason="Late once.")
def test_late_once(api):
    assert api.get("/things").status_code == 200
    assert runs("late-once") > 1, "after 2 s it is not there"

@case("busy.late-always", points=1, reason="Late whenever it is run.")
def test_late_always(api):
    assert not runs("late-always"), "after 2 s it is not there"

@case("busy.waits", points=1, reason="Waits beside the others.", waits=1)
def test_waits(api):
    assert runs("waits") > 1

@case("busy.race", points=1, reason="Of two one wins.", race=True)
def test_race(api):
    assert runs("race") > 1, "two won"

@case("busy.error", points=1, reason="No server error.")
def test_error(api):
    assert api.get("/broken").status_code == 500
    assert runs("error") > 1

@case("busy.well", points=1, reason="Passes.")
def test_well(api):
    assert runs("well") == 1
"""

DRIVER = """
import json, sys, time
from pathlib import Path
from rich.console import Console
from generator.contract.checking import Contract, Wishes, check_server
from generator.contract.checklist import print_checklist
from generator.contract.junit import write_junit
from generator.contract.starvation import Gauge
url, share, only, fail_fast, junit = sys.argv[1:]
gauges = [Gauge(lambda: time.monotonic() * float(share), 0.5, "tests waited {} of the time")]
wishes = Wishes(only=[only], gauges=gauges, fail_fast=fail_fast == "fail-fast", progress=lambda line: None)
report = check_server(Contract("toy"), url, public_url=None, auth="none", remote=False, wishes=wishes)
write_junit(report, Path(junit))
print_checklist(report, Console(file=sys.stderr, width=80))
print(json.dumps(report.to_json()))
"""


def checked(world: World, share: float, only: str = "busy.*", how: str = "all") -> Outcome:
    """A check on a machine on which that share of the time is lost."""
    world.contract(CASES.replace("FOLDER", str(world.folder)))
    with world.serving() as url:
        outcome = world.run("-c", DRIVER, url, str(share), only, how, str(world.folder / "junit.xml"))
    assert outcome.code == 0, outcome.err
    return outcome


def runs(world: World, name: str) -> int:
    return len((world.folder / name).read_text())


@pytest.fixture(scope="module")
def busy_world(package: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(package, tmp_path_factory.mktemp("busy"))


@pytest.fixture(scope="module")
def busy(busy_world: World) -> Outcome:
    return checked(busy_world, 0.62)


def test_on_a_busy_machine_late_cases_are_run_once_more(busy_world: World, busy: Outcome) -> None:
    told = {case_id.removeprefix("busy."): (case["outcome"], case["note"]) for case_id, case in busy.cases.items()}
    once = "failed once while the machine was busy (tests waited 62 % of the time), passed when run alone"
    assert told["late-once"] == ("passed", f"{once}; the first time: after 2 s it is not there")
    assert told["waits"][0] == "passed"
    assert told["late-always"] == (
        "failed",
        "failed while the machine was busy (tests waited 62 % of the time), and again when run alone; "
        "the machine was still busy (tests waited 62 % of the time)",
    )
    assert told["well"] == ("passed", "")
    assert {name: runs(busy_world, name) for name in ("late-once", "late-always", "waits", "well")} == {
        "late-once": 2,
        "late-always": 2,
        "waits": 2,
        "well": 1,
    }


def test_a_race_and_a_server_error_are_not_hidden(busy_world: World, busy: Outcome) -> None:
    for name, why in (("race", "about a race"), ("error", "answer of 500")):
        case = busy.cases[f"busy.{name}"]
        assert case["outcome"] == "failed"
        assert case["note"].startswith("failed while the machine was busy (tests waited 62 % of the time); ")
        assert why in case["note"]
        assert runs(busy_world, name) == 1


def test_the_screen_and_junit_say_so(busy_world: World, busy: Outcome) -> None:
    once = "failed once while the machine was busy (tests waited 62 % of the time), passed when run alone"
    assert f"busy.late-once {once}" in " ".join(busy.err.split())
    root = ElementTree.parse(busy_world.folder / "junit.xml").getroot()
    cases = {case.get("name"): case for case in root.iter("testcase")}
    assert once in (cases["busy.late-once"].findtext("system-out") or "")
    assert "and again when run alone" in (cases["busy.late-always"].findtext("failure") or "")


def test_on_a_quiet_machine_no_failure_is_repeated(world: World) -> None:
    outcome = checked(world, 0.3)
    failed = {case_id for case_id, case in outcome.cases.items() if case["outcome"] == "failed"}
    assert failed == {"busy.late-once", "busy.late-always", "busy.waits", "busy.race", "busy.error"}
    assert not any(case["note"] for case in outcome.cases.values())
    assert runs(world, "late-once") == 1


def test_whoever_stops_at_the_first_failure_gets_it(world: World) -> None:
    # Cases that run one after the other: of two that run beside each other, either may be the first to fail.
    outcome = checked(world, 1, "busy.late-*", "fail-fast")
    assert outcome.cases["busy.late-once"]["outcome"] == "failed"
    assert outcome.report["score"] == 0
    assert runs(world, "late-once") == 1
