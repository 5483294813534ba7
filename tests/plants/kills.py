"""Kills the process that runs the cases at random moments, and counts false verdicts about a good project.

``python -m tests.plants.kills DIR [--times 20] [--only 'links.read.*']``. A verdict is false when a case counts as
failed, or when the exit code is neither 0 (all passed, after a second try) nor 2 (nothing found out).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from generator.services.process import descendants, parents
from tests.plants.judge import ROOT, SCAFFOLD

WORKER = b"generator.contract.worker"
SECONDS = 300


def main() -> int:
    """Check once in peace, then as often as asked for with a kill; 1 when a verdict is false."""
    parser = argparse.ArgumentParser(prog="python -m tests.plants.kills")
    parser.add_argument("project", type=Path)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--only", default="links.read.*")
    given = parser.parse_args()
    code, report, whole, _ = _check(given.project, given.only, None)
    assert code == 0, report
    print(f"in peace: exit code {code} after {whole:.1f} s", flush=True)
    wrong = 0
    for number in range(1, given.times + 1):
        moment = random.uniform(0, whole)
        code, report, _, killed = _check(given.project, given.only, moment)
        failed = [case["id"] for case in report.get("cases", []) if case["outcome"] == "failed"]
        right = not failed and ((code == 0 and report.get("score") == 100) or code == 2)
        wrong += not right
        told = f"exit code {code}, score {report.get('score')}{'' if right else f', FALSE: {failed}'}"
        print(f"{number:2}: killed {killed} from {moment:4.1f} s on: {told}", flush=True)
    print(f"{wrong} false verdicts of {given.times}")
    return 1 if wrong else 0


def _check(project: Path, only: str, moment: float | None) -> tuple[int, dict[str, object], float, int]:
    """Exit code, report, seconds, and how many processes were killed: the first one that is there from a moment on."""
    began = time.monotonic()
    process = subprocess.Popen(
        [*SCAFFOLD, "check", str(project), "--only", only, "--no-waits", "--json"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    killed = 0
    while process.poll() is None and time.monotonic() - began < SECONDS:
        if moment is not None and not killed and time.monotonic() - began >= moment:
            for worker in _workers(process.pid)[:1]:
                with suppress(ProcessLookupError):
                    os.kill(worker, signal.SIGKILL)
                    killed += 1
        time.sleep(0.02)
    out = process.communicate(timeout=30)[0]
    return process.returncode, json.loads(out) if out.strip() else {}, time.monotonic() - began, killed


def _workers(process: int) -> list[int]:
    """Those that run cases, and not the one that has found them and from which they are forked."""
    found = []
    above = parents()
    for child in descendants(process):
        with suppress(OSError):
            if WORKER in Path(f"/proc/{child}/cmdline").read_bytes() and above.get(child) != process:
                found.append(child)
    return found


if __name__ == "__main__":
    sys.exit(main())
