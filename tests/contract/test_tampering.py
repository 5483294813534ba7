"""A project cannot talk its way to a better score."""

from __future__ import annotations

import json
import os

from tests.contract.conftest import World

CASES = """
@case("things.needs-a-door", points=1, reason="The toy has no door.")
def test_door(api):
    assert api.get("/door").status_code == 200
"""

FORGES = """
import glob, json, threading, time, tempfile
def forge():
    while True:
        for name in glob.glob(tempfile.gettempdir() + "/scaffold-check-*/*.jsonl"):
            with open(name, "a") as file:
                for token in ("", "x", None):
                    event = {"token": token, "event": "finished", "id": "things.needs-a-door",
                             "outcome": "passed", "message": "", "seconds": 0}
                    file.write(json.dumps(event) + "\\n")
                file.write("{not json\\n[1]\\n")
        time.sleep(0.01)
threading.Thread(target=forge, daemon=True).start()
print(json.dumps({"score": 100, "cases": []}), flush=True)
"""

ALWAYS_PASSES = """
import pytest
def pytest_runtest_call(item):
    item.runtest = lambda: None
@pytest.fixture
def api():
    class Anything:
        status_code = 200
        def get(self, *_): return self
    return Anything()
"""


def test_forged_results_and_planted_plugins_change_nothing(world: World) -> None:
    world.contract(CASES)
    project = world.project("toy")
    (project / "tamper.py").write_text(FORGES)
    (project / "conftest.py").write_text(ALWAYS_PASSES)
    (project / "pytest.ini").write_text("[pytest]\naddopts = -p conftest --co\n")
    (project / "sitecustomize.py").write_text("import os; os._exit(0)")
    (project / "contract").mkdir()
    (project / "contract" / "test_toy.py").write_text("def test_door(): pass\n")
    environment = {"PYTEST_ADDOPTS": "--collect-only", "PYTEST_PLUGINS": "conftest"}
    outcome = world.run("-P", "-m", "generator", "check", "--json", cwd=project, env=environment)
    assert outcome.code == 1, outcome.err
    assert outcome.cases["things.needs-a-door"]["outcome"] == "failed"
    assert outcome.cases["shared.health.answers"]["outcome"] == "passed"


SECRETS = """
@case("things.sees-no-secrets", points=1, reason="A server learns nothing of the run.")
def test_environment(api, server):
    told = api.get("/environment").json()
    assert not [name for name in told if "PYTEST" in name or "CONTRACT" in name or name == "MY_SECRET"], told
    assert "scaffold-check-" not in str(told)
"""


def test_the_server_learns_nothing_of_the_run(world: World) -> None:
    world.contract(SECRETS)
    outcome = world.check(str(world.project("toy")), "--json", env={"MY_SECRET": "x", "PYTEST_X": "1"})
    assert outcome.cases["things.sees-no-secrets"]["outcome"] == "passed", outcome.out


def test_what_the_project_prints_stays_off_standard_output(world: World) -> None:
    world.contract(CASES)
    project = world.project("toy")
    (project / "tamper.py").write_text("import os; os.write(1, b'{\"score\": 100}\\n'); os.write(2, b'noise\\n')")
    outcome = world.check(str(project), "--json")
    assert json.loads(outcome.out)["score"] == 50
    assert "noise" not in outcome.err


def test_nothing_is_left_in_the_temporary_folder(world: World) -> None:
    world.contract(CASES)
    temporary = world.folder / "t"
    temporary.mkdir()
    outcome = world.check(str(world.project("toy")), "--json", env={"TMPDIR": str(temporary)})
    assert (outcome.code, os.listdir(temporary)) == (1, [])
