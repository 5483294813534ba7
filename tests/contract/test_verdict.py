"""The verdict holds whatever a case does to the process it runs in, or to the server."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.contract.conftest import Outcome, World

CASES = """
import os, sys, time
import pytest

@case("good.passes", points=3, reason="Passes.")
def test_passes(api):
    assert api.get("/things").status_code == 200

@case("good.every-variant-passes", points=1, reason="Two variants, one case.")
@pytest.mark.parametrize("path", ["/things", "/health"])
def test_variants(api, path):
    assert api.get(path).status_code == 200

@case("bad.fails", points=2, reason="The rule that is broken.")
def test_fails(api):
    assert api.get("/nothing-here").status_code == 200, "there should be something"

@case("bad.one-variant-fails", points=1, reason="One of two fails.")
@pytest.mark.parametrize("status", [200, 500])
def test_variant(api, status):
    assert api.get("/things").status_code == status

@case("bad.cleanup-fails", points=1, reason="Fails after the last line.")
def test_cleanup(request):
    request.addfinalizer(lambda: 1 / 0)

@case("bad.never-ends-its-answer", points=1, reason="Memory has an end.")
def test_endless(api):
    assert api.get("/endless").status_code == 200

@case("ugly.exits", points=1, reason="Leaves at once, with success.")
def test_exit():
    os._exit(0)

@case("ugly.raises-system-exit", points=1, reason="Raises SystemExit.")
def test_system_exit():
    sys.exit(0)

@case("ugly.interrupts", points=1, reason="Interrupts pytest.")
def test_interrupts():
    raise KeyboardInterrupt

@case("ugly.ends-pytest", points=1, reason="Ends pytest with success.")
def test_ends_pytest():
    pytest.exit("all fine", returncode=0)

@case("server.crashes", points=1, reason="Passes, but leaves a dead server.", needs=("process",))
def test_crashes(api):
    with pytest.raises(Exception):
        api.get("/crash")

@case("server.is-there-again", points=1, reason="The next case has a server.")
def test_again(api):
    assert api.get("/things").status_code == 200

@case("server.left-running", points=1, reason="A booted server is ended after its case.", needs=("process",))
def test_left(boot, tmp_path_factory):
    server = boot().__enter__()
    open("/tmp/PIDFILE", "w").write(str(server.pid))

@case("skip.itself", points=5, reason="Skips itself.")
def test_skip():
    pytest.skip("no such thing here")

@case("skip.tokens", points=5, reason="Only for jwt.", auth=("jwt",))
def test_jwt():
    assert False

@case("skip.users", points=5, reason="Needs two users.", needs=("users",))
def test_users():
    assert False

@case("skip.database", points=5, reason="Needs a database server.", needs=("database",))
def test_database(database):
    assert False
"""


@pytest.fixture(scope="module")
def outcome(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """One check of a project with all of these cases; JUnit beside it."""
    world = World(package, tmp_path_factory.mktemp("verdict"))
    world.contract(CASES.replace("/tmp/PIDFILE", str(world.folder / "pid")))
    project = world.project("toy")
    done = world.check(str(project), "--json", "--junit", str(world.folder / "junit.xml"))
    done.folder, done.byte_code = world.folder, list(world.templates.rglob("*.pyc"))
    return done


def test_a_failed_case_is_exit_code_1(outcome: Outcome) -> None:
    assert outcome.code == 1, outcome.err


def test_json_has_exactly_the_documented_members(outcome: Outcome) -> None:
    assert set(outcome.report) == {"score", "idea", "project", "cases", "causes", "interrupted", "lost", "log"}
    assert (outcome.report["idea"], outcome.report["project"]) == ("toy", "my-toy")
    for case in outcome.report["cases"]:
        assert set(case) == {"id", "feature", "points", "outcome", "reason", "message", "seconds", "note"}
        assert case["feature"] == case["id"].split(".")[0]
        assert case["outcome"] in {"passed", "failed", "skipped"}


@pytest.mark.parametrize(
    "case_id",
    [
        "good.passes",
        "good.every-variant-passes",
        "server.is-there-again",
        "server.left-running",
        "shared.health.answers",
    ],
)
def test_passed(outcome: Outcome, case_id: str) -> None:
    assert outcome.cases[case_id]["outcome"] == "passed", outcome.cases[case_id]


@pytest.mark.parametrize(
    ("case_id", "message"),
    [
        ("bad.fails", "there should be something"),
        ("bad.one-variant-fails", "assert 200 == 500"),
        ("bad.cleanup-fails", "division by zero"),
        ("bad.never-ends-its-answer", "the answer has more than 16777216 bytes"),
        ("ugly.exits", "did not report: it ended the process (exit code 0)"),
        ("ugly.raises-system-exit", "SystemExit"),
        ("ugly.interrupts", "did not report"),
        ("ugly.ends-pytest", "did not report"),
        ("server.crashes", "the server ended during this case, exit code 9"),
    ],
)
def test_failed(outcome: Outcome, case_id: str, message: str) -> None:
    case = outcome.cases[case_id]
    assert case["outcome"] == "failed"
    assert message in case["message"]


def test_a_failure_tells_the_rule_and_the_last_request(outcome: Outcome) -> None:
    case = outcome.cases["bad.fails"]
    assert case["reason"] == "The rule that is broken."
    assert "GET /nothing-here answered 404" in case["message"]
    assert "test_toy.py:" in case["message"]


@pytest.mark.parametrize(
    ("case_id", "reason"),
    [
        ("skip.itself", "not run: no such thing here"),
        ("skip.tokens", "not applicable: about auth jwt, the project has auth none"),
        ("skip.users", "not applicable: needs more than one user, the project has auth none"),
        ("skip.database", "not applicable: the project's database is a file, not a server"),
    ],
)
def test_skipped_cases_say_why(outcome: Outcome, case_id: str, reason: str) -> None:
    assert outcome.cases[case_id]["outcome"] == "skipped"
    assert outcome.cases[case_id]["reason"] == reason


def test_score_counts_points_of_what_was_run(outcome: Outcome) -> None:
    points = dict.fromkeys(("passed", "failed", "skipped"), 0)
    for case in outcome.report["cases"]:
        points[case["outcome"]] += case["points"]
    assert points == {"passed": 7, "failed": 10, "skipped": 20}
    assert outcome.report["score"] == round(100 * 7 / 17, 1)


def test_booted_servers_are_gone(outcome: Outcome) -> None:
    pid = int((outcome.folder / "pid").read_text())
    assert not Path(f"/proc/{pid}").exists()


def test_no_byte_code_is_left_in_the_templates(outcome: Outcome) -> None:
    assert outcome.byte_code == []


def test_junit_agrees_with_the_report(outcome: Outcome) -> None:
    root = ElementTree.parse(outcome.folder / "junit.xml").getroot()
    cases = {case.get("name"): case for case in root.iter("testcase")}
    assert set(cases) == set(outcome.cases)
    assert root.get("tests") == str(len(cases))
    assert root.get("failures") == str(len(root.findall(".//failure"))) == "9"
    assert root.get("skipped") == str(len(root.findall(".//skipped"))) == "4"
    for suite in root.findall("testsuite"):
        assert suite.get("tests") == str(len(suite.findall("testcase")))
        assert {case.get("classname") for case in suite} == {f"toy.{suite.get('name')}"}


HANGS = """
import time, subprocess

@case("slow.hangs", points=1, reason="Never ends.")
def test_hangs():
    subprocess.Popen(["sleep", "300"])
    time.sleep(300)

@case("slow.is-next", points=1, reason="Goes on.")
def test_next(api):
    assert api.get("/things").status_code == 200

@case("slow.hangs-too", points=1, reason="Never ends.")
def test_hangs_too():
    time.sleep(300)

@case("slow.is-last", points=1, reason="Is never begun.")
def test_last():
    pass
"""

DRIVER = """
import json, sys
from generator.contract.checking import Contract, Wishes, check_server
from generator.contract.runner import Limits
wishes = Wishes(limits=Limits(case=float(sys.argv[2]), total=float(sys.argv[3])))
report = check_server(Contract("toy"), sys.argv[1], public_url=None, auth="none", remote=False, wishes=wishes)
print(json.dumps(report.to_json()))
"""


def test_a_case_that_hangs_costs_that_case(world: World) -> None:
    world.contract(HANGS)
    with world.serving() as url:
        outcome = world.run("-c", DRIVER, url, "3", "90")
    assert outcome.code == 0, outcome.err
    told = {case["id"]: (case["outcome"], case["message"]) for case in json.loads(outcome.out)["cases"]}
    assert told["slow.hangs"] == ("failed", "did not report within 3 s")
    assert told["slow.is-next"][0] == told["slow.is-last"][0] == "passed"


def test_the_whole_run_has_a_limit(world: World) -> None:
    world.contract(HANGS)
    with world.serving() as url:
        outcome = world.run("-c", DRIVER, url, "60", "2")
    assert outcome.seconds < 45
    assert outcome.report["score"] == 0
    for case in outcome.cases.values():
        assert case["outcome"] == "failed"
        assert "did not report" in case["message"]
