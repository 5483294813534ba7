"""Selects the cases of an idea, has them run, and forms the verdict from what was reported.

A case counts as passed only when every variant of it reported so; a case that did not report has failed. A case
that ends or hangs the process costs that case: the rest go on in a new process. A process that is ended by a signal,
as by the kernel when memory runs out, or whose report another program wrote into, says nothing about the project: what
it ran is tried once more, and when that ends the same way the run is lost. A case that failed while the machine was
starved is run once more, alone, after the others; see :func:`generator.contract.records.stands` for those that are not.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from threading import Lock
from typing import Any

from generator.contract import Case
from generator.contract.applicability import Facts, why_not
from generator.contract.control import Handlers
from generator.contract.exchange import Exchange
from generator.contract.nursery import Collected
from generator.contract.process import POLL_SECONDS, CaseProcess, CasesEnded
from generator.contract.records import SILENT, Record, note_of, stands
from generator.contract.report import FAILED, PASSED, SKIPPED, CaseResult
from generator.contract.settings import Orders
from generator.contract.starvation import Gauge, Watch
from generator.errors import CatalogError, ScaffoldError

CASE_SECONDS = 120.0
TOTAL_SECONDS = 1800.0
FORGED = "its report was interfered with"
TRIES = 1  # how often a lane's cases go on after their process was ended from outside
MOST_REPEATED = 20  # cases; what fells more is not the load

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Limits:
    """How long one case, and all of them, may take, in seconds."""

    case: float = CASE_SECONDS
    total: float = TOTAL_SECONDS


@dataclass(frozen=True)
class Outcome:
    """What a run found out.

    Attributes:
        cases: the verdicts, in the order of the contract.
        interrupted: whether Ctrl-C ended it.
        lost: why nothing certain was found out; else empty.
    """

    cases: tuple[CaseResult, ...]
    interrupted: bool = False
    lost: str = ""


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
        handlers: what its cases may ask for, by name.
    """

    cases: Sequence[str]
    fresh: Callable[[], CaseProcess]
    where: Callable[[], dict[str, Any]]
    handlers: Handlers


class Run:
    """One run of selected cases.

    Args:
        collected: the cases that were selected.
        facts: what is known of the server; decides which cases apply.
        lanes: called with the cases that apply: who runs which of them where.
        gauges: how to see that the machine is starved; by default as the system offers it.
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
        gauges: Sequence[Gauge] | None = None,
    ) -> None:
        self._all = list(collected)
        self._not_applicable = {c.case.id: reason for c in collected if (reason := why_not(c.case, facts))}
        self._lanes = lanes
        self._fail_fast, self._limits, self._progress = fail_fast, limits, progress
        self._items = {c.case.id: c.items for c in collected}
        self._records: dict[str, Record] = {}
        self._first: dict[str, Record] = {}  # of cases that are run once more
        self._busy: dict[str, str] = {}  # how busy the machine was while a case failed
        self._notes: dict[str, str] = {}
        self._watch = Watch(gauges)
        self._begun: set[str] = set()
        self._stopped = ""
        self._interrupted, self._lost = False, ""
        self._lock = Lock()

    def __call__(self) -> Outcome:
        """Run them and form the verdict; after Ctrl-C, of those that have ended."""
        deadline = time.monotonic() + self._limits.total
        lanes = self._lanes([c.case for c in self._all if c.case.id not in self._not_applicable])
        if lanes:
            with self._watch, ThreadPoolExecutor(len(lanes)) as pool:
                try:
                    for done in [pool.submit(self._one_lane, lane, deadline) for lane in lanes]:
                        done.result()
                    if not self._stopped:
                        for lane in self._again(lanes):
                            pool.submit(self._one_lane, lane, deadline).result()
                except KeyboardInterrupt:
                    self._interrupted, self._stopped = True, "not run: interrupted"
                    self._progress("interrupted: ending the servers")
                except BaseException:
                    self._stopped = f"{SILENT}: the run was interrupted"  # or the pool would wait for every lane
                    raise
        return Outcome(tuple(self._verdict(one.case) for one in self._all), self._interrupted, self._lost)

    def _one_lane(self, lane: Lane, deadline: float) -> None:
        waiting, ends = list(lane.cases), 0
        while waiting and not self._stopped:
            ending = self._one_process(lane, waiting, deadline)
            left = [case_id for case_id in waiting if case_id not in self._begun]
            reason = ending.reason
            if not reason and time.monotonic() >= deadline:
                reason = f"{SILENT}: the run was ended after {self._limits.total:.0f} s"
            if reason and not self._stopped:
                self._give_up(left, reason)
                return
            if left and (ending.outside or (ending.code is not None and len(left) == len(waiting))):
                ends += 1
                self._tell_end(ending, last=ends > TRIES)
            waiting = left

    def _tell_end(self, ending: _Ending, *, last: bool) -> None:
        """A process ended that no case had ended: go on in a new one, or give up the run."""
        said = f" It said: {ending.output}" if ending.output else " It said nothing."
        how = ending.outside or f"exit code {ending.code}"
        guess = "" if ending.outside == FORGED else " Is there memory enough?"
        if not last:
            self._progress(f"The process that runs the cases was ended ({how}), so it is started again.{said}")
            return
        self._lose(
            f"The process that runs the cases was ended again ({how}), so nothing certain was found out about the "
            f"project.{guess}{said}"
        )

    def _lose(self, why: str) -> None:
        with self._lock:
            self._lost = why
            self._stopped = "not run: the process that runs the cases was ended"

    def _give_up(self, cases: Sequence[str], reason: str) -> None:
        with self._lock:
            for case_id in cases:
                self._records[case_id] = Record(self._items[case_id], message=reason)

    def _one_process(self, lane: Lane, cases: list[str], deadline: float) -> _Ending:
        """Run cases until the process ends, a case or the whole takes too long, or one fails and that is enough."""
        try:
            where = lane.where()
        except ScaffoldError as error:
            return _Ending(reason=f"{SILENT}: {error.message}")
        orders = Orders(cases=tuple(cases), fail_fast=self._fail_fast, **where)
        try:
            process = lane.fresh()
        except CasesEnded as error:
            self._lose(f"{error.message}. So nothing certain was found out about the project.")
            return _Ending()
        running, since = "", time.monotonic()
        with process:
            process.order(orders, lane.handlers)
            code: int | None = None
            while code is None and not process.forged:
                code = process.wait(POLL_SECONDS)
                for event in process.events():
                    with self._lock:
                        running, since = self._take(event, running), time.monotonic()
                if code is None and running and time.monotonic() - since > self._limits.case:
                    self._records[running].message = f"{SILENT} within {self._limits.case:.0f} s"
                    return _Ending()
                if time.monotonic() > deadline or self._stopped:
                    return _Ending()
            outside = FORGED if process.forged else _signal_name(-(code or 0)) if (code or 0) < 0 else ""
            if running and outside:
                with self._lock:  # as if it had never begun
                    self._records.pop(running)
                    self._begun.discard(running)
            elif running:
                self._records[running].message = f"{SILENT}: it ended the process (exit code {code})"
            return _Ending(code, outside, process.output())

    def _take(self, event: dict[str, Any], running: str) -> str:
        """Record an event; the case that is under way after it."""
        case_id = event.get("id", "")
        if event["event"] == "started" and case_id in self._items:
            self._begun.add(case_id)
            self._records.setdefault(case_id, Record(self._items[case_id], began=time.monotonic()))
            return str(case_id)
        if event["event"] != "finished" or case_id not in self._records:
            return running
        if self._stopped and not self._interrupted:
            return running
        record = self._records[case_id]
        record.outcomes.append(event["outcome"])
        record.seconds = round(record.seconds + event["seconds"], 3)
        record.ended, record.ended_at = time.monotonic(), time.time()
        if event["outcome"] != PASSED and not record.message:
            record.message = event["message"]
            record.exchanges = [Exchange.of_json(one) for one in event.get("exchanges", ())]
        if record.whole or event["outcome"] == FAILED:
            self._progress(f"{len(self._begun)}/{len(self._items) - len(self._not_applicable)} {case_id}")
        if event["outcome"] == FAILED and self._fail_fast:
            self._stopped = "not run: stopped after the first failure"
        return "" if record.whole else running

    def _again(self, lanes: Sequence[Lane]) -> Iterator[Lane]:
        """Each case that the machine may have failed, as a lane of its own."""
        cases = {one.case.id: one.case for one in self._all}
        late = []
        for case_id, record in self._records.items():
            if not record.failed or not (busy := self._watch.starved(record.began, record.ended)):
                continue
            reason = stands(cases[case_id], record)
            self._notes[case_id] = f"failed while the machine was busy ({busy}){f'; {reason}' if reason else ''}"
            if not reason:
                late.append(case_id)
                self._busy[case_id] = busy
        if len(late) > MOST_REPEATED:
            self._progress(f"{len(late)} cases failed while the machine was busy: too many to run them once more")
            return
        if late:
            self._progress(f"running {len(late)} once more, alone: failed while the machine was busy")
        lane_of = {case_id: lane for lane in lanes for case_id in lane.cases}
        for case_id in late:
            if self._stopped:
                return
            with self._lock:
                self._first[case_id] = self._records.pop(case_id)
                self._begun.discard(case_id)
            yield replace(lane_of[case_id], cases=[case_id])

    def _verdict(self, case: Case) -> CaseResult:
        if case.id in self._not_applicable:
            return CaseResult(case.id, case.points, SKIPPED, self._not_applicable[case.id])
        record, first = self._records.get(case.id), self._first.get(case.id)
        if first and not (record and record.whole):
            return first.result(case, self._notes[case.id])
        if first and record:
            still = self._watch.starved(record.began, record.ended)
            return record.result(case, note_of(first, self._busy[case.id], record, still))
        unfinished = record is None or (not record.message and not record.whole)
        if unfinished and self._stopped.startswith("not run"):
            return CaseResult(case.id, case.points, SKIPPED, self._stopped)
        if record is None:
            return CaseResult(case.id, case.points, FAILED, case.reason, self._stopped or SILENT)
        return record.result(case, self._notes.get(case.id, ""))


@dataclass(frozen=True)
class _Ending:
    """How a process that ran cases ended.

    Attributes:
        code: its exit code; None when it was ended here.
        outside: what ended it that is no case of it and not we, such as a signal; else empty.
        output: the last lines of what it printed.
        reason: why the rest of the lane cannot be run at all, or an empty string.
    """

    code: int | None = None
    outside: str = ""
    output: str = ""
    reason: str = ""


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
