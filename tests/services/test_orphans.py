"""However we end, nothing that we started outlives us, and no folder stays behind."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services.wire import alive, holds

ROOT = Path(__file__).parents[2]

# Starts every server and a program with a child of its own, pauses one, says what there is, and waits.
OWNER = """
import json, sys, time
from pathlib import Path
from generator.services import SERVED, provide
from generator.services.process import Child, descendants
services = [provide(choice) for choice in SERVED]
services[0].pause()
script = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(99)'])"
child = Child([sys.executable, "-c", script], environment={}, folder=Path("/"), stdout=None)
time.sleep(0.3)
below = [service._child.pid for service in services] + [child.pid]
below += [process for parent in below for process in descendants(parent)]
print(json.dumps({"processes": below, "folders": [str(service.folder) for service in services]}), flush=True)
if sys.argv[1] == "end":
    sys.exit()
time.sleep(99)
"""


@pytest.mark.parametrize("ending", ["end", "SIGKILL", "SIGTERM", "SIGINT", "SIGHUP"])
def test_nothing_is_left(ending: str) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, ending],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        start_new_session=True,
    )
    assert owner.stdout is not None
    started = json.loads(owner.stdout.readline())
    assert len(started["processes"]) > 6
    if ending != "end":
        os.kill(owner.pid, signal.Signals[ending])
    owner.wait(30)
    assert holds(lambda: not any(alive(process) for process in started["processes"])), started
    assert holds(lambda: not any(Path(folder).exists() for folder in started["folders"]))


def test_a_parent_killed_at_any_moment_leaves_nothing(tmp_path: Path) -> None:
    """Twenty kills spread over the start of a server; every server works in its folder."""
    script = "from generator.services import provide; provide('redis'); import time; time.sleep(99)"
    for number in range(20):
        temporary = tmp_path / str(number)
        temporary.mkdir()
        owner = subprocess.Popen(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env={**os.environ, "TMPDIR": str(temporary)},
            stderr=subprocess.DEVNULL,
        )
        with pytest.raises(subprocess.TimeoutExpired):
            owner.wait(0.1 + number * 0.02)
        owner.kill()
        owner.wait()
        assert holds(lambda folder=temporary: not list(folder.glob("scaffold-*"))), number
        assert holds(lambda folder=temporary: not _running_in(folder)), number


def _running_in(folder: Path) -> list[str]:
    """Processes that work in a folder or below it, even if it is gone."""
    found = []
    for link in Path("/proc").glob("[0-9]*/cwd"):
        with contextlib.suppress(OSError):
            if str(link.readlink()).startswith(str(folder)):
                found.append(link.parent.name)
    return found
