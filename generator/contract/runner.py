"""Selects the cases of an idea, has them run, and forms the verdict from what was reported.

A case counts as passed only when every variant of it reported so; a case that did not report has failed. A case
that ends or hangs the process costs that case: the rest go on in a new process.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from threading import Lock
from typing import Any

from generator.contract import Case
from generator.contract.applicability import Facts, why_not
from generator.contract.process import POLL_SECONDS, CaseProcess, Collected
from generator.contract.report import FAILED, PASSED, SKIPPED, CaseResult
from generator.contract.settings import Orders
from generator.errors import CatalogError, ScaffoldError

CASE_SECONDS = 120.0
TOTAL_SECONDS = 1800.0

_SILENT = "did not report"

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Limits:
    """How long one case, and all of them, may take, in seconds."""

    case: float = CASE_SECONDS
    total: float = TOTAL_SECONDS


@dataclass
class _Record:
    """What was reported of one case."""

    outcomes: list[str] = field(default_factory=list)
    message: str = ""
    seconds: float = 0.0


def contract_folders(idea_folder: Path, shared: Path) -> tuple[Path, ...]:
    """The folders with an idea's cases: its own, then the shared ones.

    Args:
        idea_folder: ``templates/<level>/<idea>``.
        shared: ``templates/shared``.

    Raises:
        CatalogError: the idea has no contract, or two helper modules would answer to one name.
    """
    own, common = idea_folder / "contract", shared / "contract"
    if not own.is_dir():
        raise CatalogError(f"{own} does not exist", "An idea needs a contract: see docs/adding-an-idea.md.")
    folders = tuple(folder for folder in (own, common) if folder.is_dir())
    seen: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.py")):
            if path.name.startswith("test_") or path.name in {"conftest.py", "__init__.py"}:
                continue
            if path.name in seen:
                raise CatalogError(
                    f"{seen[path.name]} and {path} have one name", "Rename one: both are imported by it."
                )
            seen[path.name] = path
    return folders


def select(collected: Sequence[Collected], patterns: Sequence[str]) -> list[Collected]:
    """The cases whose id matches one of the glob patterns; all when there is none.

    Raises:
        ScaffoldError: no case matches.
    """
    chosen = [one for one in collected if not patterns or any(fnmatchcase(one.case.id, p) for p in patterns)]
    if not chosen:
        raise ScaffoldError(f"No case matches {' or '.join(patterns)}", "See 'scaffold check --list'.")
    return chosen


@dataclass(frozen=True)
class Lane:
    """Cases that run one after the other, beside those of other lanes.

    Attributes:
        cases: their ids.
        fresh: makes a process for the cases, which the run ends.
        where: called before each process: the server, as members of :class:`~generator.contract.settings.Orders`.
            When it raises a ScaffoldError, the cases that are left have failed.
    """

    cases: Sequence[str]
    fresh: Callable[[], CaseProcess]
    where: Callable[[], dict[str, Any]]


class Run:
    """One run of selected cases.

    Args:
        collected: the cases that were selected.
        facts: what is known of the server; decides which cases apply.
        lanes: called with the cases that apply: who runs which of them where.
    """

    def __init__(
        self,
        collected: Sequence[Collected],
        facts: Facts,
        lanes: Callable[[Sequence[Case]], Sequence[Lane]],
        *,
        fail_fast: bool = False,
        limits: Limits = Limits(),
        progress: Progress = lambda line: None,
    ) -> None:
        self._all = list(collected)
        self._not_applicable = {c.case.id: reason for c in collected if (reason := why_not(c.case, facts))}
        self._lanes = lanes
        self._fail_fast, self._limits, self._progress = fail_fast, limits, progress
        self._items = {c.case.id: c.items for c in collected}
        self._records: dict[str, _Record] = {}
        self._begun: set[str] = set()
        self._stopped = ""
        self._lock = Lock()

    def __call__(self) -> tuple[CaseResult, ...]:
        """Run them and form the verdict."""
        deadline = time.monotonic() + self._limits.total
        lanes = self._lanes([c.case for c in self._all if c.case.id not in self._not_applicable])
        if lanes:
            with ThreadPoolExecutor(len(lanes)) as pool:
                try:
                    for done in [pool.submit(self._one_lane, lane, deadline) for lane in lanes]:
                        done.result()
                except BaseException:
                    self._stopped = f"{_SILENT}: the run was interrupted"  # or the pool would wait for every lane
                    raise
        return tuple(self._verdict(one.case) for one in self._all)

    def _one_lane(self, lane: Lane, deadline: float) -> None:
        waiting = list(lane.cases)
        while waiting and not self._stopped:
            reason = self._one_process(lane, waiting, deadline)
            left = [case_id for case_id in waiting if case_id not in self._begun]
            if not reason and time.monotonic() >= deadline:
                reason = f"{_SILENT}: the run was ended after {self._limits.total:.0f} s"
            elif not reason and len(left) == len(waiting):
                reason = f"{_SILENT}: the process that runs the cases ended at once"
            if reason and not self._stopped:
                self._give_up(left, reason)
                return
            waiting = left

    def _give_up(self, cases: Sequence[str], reason: str) -> None:
        with self._lock:
            for case_id in cases:
                self._records[case_id] = _Record(message=reason)

    def _one_process(self, lane: Lane, cases: list[str], deadline: float) -> str:
        """Run cases until the process ends, a case or the whole takes too long, or one fails and that is enough.

        Returns:
            Why the rest of the lane cannot be run at all, or an empty string.
        """
        try:
            where = lane.where()
        except ScaffoldError as error:
            return f"{_SILENT}: {error.message}"
        orders = Orders(cases=tuple(cases), fail_fast=self._fail_fast, **where)
        running, since = "", time.monotonic()
        with lane.fresh() as process:
            process.order(orders)
            code: int | None = None
            while code is None:
                code = process.wait(POLL_SECONDS)
                for event in process.events():
                    with self._lock:
                        running, since = self._take(event, running), time.monotonic()
                if code is None and running and time.monotonic() - since > self._limits.case:
                    self._records[running].message = f"{_SILENT} within {self._limits.case:.0f} s"
                    return ""
                if time.monotonic() > deadline or self._stopped:
                    return ""
            if running:
                self._records[running].message = f"{_SILENT}: it ended the process (exit code {code})"
        return ""

    def _take(self, event: dict[str, Any], running: str) -> str:
        """Record an event; the case that is under way after it."""
        case_id = event.get("id", "")
        if event["event"] == "started" and case_id in self._items:
            self._begun.add(case_id)
            self._records.setdefault(case_id, _Record())
            return str(case_id)
        if event["event"] != "finished" or case_id not in self._records or self._stopped:
            return running
        record = self._records[case_id]
        record.outcomes.append(event["outcome"])
        record.seconds = round(record.seconds + event["seconds"], 3)
        if event["outcome"] != PASSED and not record.message:
            record.message = event["message"]
        done = len(record.outcomes) == self._items[case_id]
        if done or event["outcome"] == FAILED:
            self._progress(f"{len(self._begun)}/{len(self._items) - len(self._not_applicable)} {case_id}")
        if event["outcome"] == FAILED and self._fail_fast:
            self._stopped = "not run: stopped after the first failure"
        return "" if done else running

    def _verdict(self, case: Case) -> CaseResult:
        if case.id in self._not_applicable:
            return CaseResult(case.id, case.points, SKIPPED, self._not_applicable[case.id])
        record = self._records.get(case.id)
        if record is None:
            if self._fail_fast and self._stopped.startswith("not run"):
                return CaseResult(case.id, case.points, SKIPPED, self._stopped)
            return CaseResult(case.id, case.points, FAILED, case.reason, self._stopped or _SILENT)
        outcomes, whole = record.outcomes, len(record.outcomes) == self._items[case.id]
        if whole and set(outcomes) == {PASSED}:
            return CaseResult(case.id, case.points, PASSED, case.reason, "", record.seconds)
        if whole and FAILED not in outcomes and PASSED not in outcomes:
            return CaseResult(case.id, case.points, SKIPPED, f"not run: {record.message}", "", record.seconds)
        return CaseResult(case.id, case.points, FAILED, case.reason, record.message or _SILENT, record.seconds)
