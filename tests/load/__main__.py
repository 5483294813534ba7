"""Checks good projects, several at a time, and counts false verdicts: ``python -m tests.load``.

As many checks at once as a small machine cannot carry make servers answer late. A verdict about a good project is false
when its exit code is not 0. Cases that failed while the machine was busy and passed when run alone are counted, too.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

from generator.catalog import Catalog
from generator.ledger import proof_spec
from generator.plan import make_plan
from generator.project import Project
from generator.render import render
from generator.runtime.stack import Stack
from tests.proofs.packages import install
from tests.proofs.selection import matching

IDEA = "url-shortener"
GOOD = ("express-postgresql-jwt-redis", "fastapi-postgresql-jwt-redis")
SECONDS = 2400


@dataclass(frozen=True)
class Verdict:
    """What one check said.

    Attributes:
        project: the combination that was checked.
        code: the exit code.
        seconds: how long it took.
        failed: what it said of each case that failed, in a line.
        twice: ids of cases that failed while the machine was busy and passed when run alone.
    """

    project: str
    code: int
    seconds: float
    failed: Sequence[str]
    twice: Sequence[str]

    @property
    def false(self) -> bool:
        """Whether it found fault with a good project."""
        return self.code != 0


def main() -> int:
    """Generate the projects, check them, and tell; 1 when a verdict is false."""
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("projects", nargs="*", default=list(GOOD), metavar="COMBINATION")
    parser.add_argument("--idea", default=IDEA)
    parser.add_argument("--checks", type=int, default=60, help="how many (60)")
    parser.add_argument("--at-once", type=int, default=4, help="how many at a time (4)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="scaffold-load-", ignore_cleanup_errors=True) as folder:
        verdicts = list(_checked(Path(folder), given))
    false = sum(verdict.false for verdict in verdicts)
    twice = sum(len(verdict.twice) for verdict in verdicts)
    print(
        f"{false} false verdicts of {len(verdicts)} checks, {given.at_once} at a time; {twice} cases in "
        f"{sum(bool(verdict.twice) for verdict in verdicts)} checks failed while the machine was busy and passed when "
        "run alone"
    )
    return 1 if false else 0


def _checked(folder: Path, given: argparse.Namespace) -> Iterator[Verdict]:
    """Each verdict as it is formed, told in a line."""
    free = {name: _copies(folder, given.idea, name, given.at_once) for name in given.projects}
    names = [given.projects[number % len(given.projects)] for number in range(given.checks)]

    def one(name: str) -> Verdict:
        with _taken(free[name]) as project:
            return check(name, project)

    with ThreadPoolExecutor(given.at_once) as pool:
        for number, verdict in enumerate(pool.map(one, names), 1):
            outcome = f"FALSE, exit code {verdict.code}" if verdict.false else "right"
            twice = f"; run twice: {', '.join(verdict.twice)}" if verdict.twice else ""
            print(f"{number:3} {verdict.project:<32} {verdict.seconds:6.1f} s  {outcome}{twice}", flush=True)
            for line in verdict.failed:
                print(f"      {line}", flush=True)
            yield verdict


def _copies(folder: Path, idea: str, name: str, count: int) -> Queue[Path]:
    """Projects of one combination, installed: a folder is checked by one check at a time."""
    catalog = Catalog.load()
    found = catalog.idea(idea)
    [combination] = matching(found, [name])
    projects: Queue[Path] = Queue()
    for number in range(count):
        project = folder / f"{name}-{number}"
        render(make_plan(catalog, proof_spec(catalog, found, combination)), project)
        with Stack(Project.load(project)) as stack:
            install(stack)
        projects.put(project)
    return projects


@contextmanager
def _taken(projects: Queue[Path]) -> Iterator[Path]:
    project = projects.get()
    try:
        yield project
    finally:
        projects.put(project)


def check(name: str, project: Path) -> Verdict:
    """Check a project as a user would."""
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "generator", "check", str(project), "--json"],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    seconds = time.monotonic() - began
    try:
        cases = json.loads(done.stdout)["cases"]
    except ValueError:
        return Verdict(name, done.returncode, seconds, [line[:200] for line in done.stderr.splitlines()[-5:]], [])
    failed = [_line(case) for case in cases if case["outcome"] == "failed"]
    twice = [case["id"] for case in cases if case["outcome"] == "passed" and case["note"]]
    return Verdict(name, done.returncode, seconds, failed, twice)


def _line(case: dict[str, str]) -> str:
    note = f"({case['note']})" if case["note"] else ""
    return " ".join(f"{case['id']}: {case['message'][:300]} {note}".split())


if __name__ == "__main__":
    sys.exit(main())
