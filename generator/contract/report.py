"""What a check found out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.contract.exchange import Exchange
from generator.errors import EXIT_CHECK_FAILED, EXIT_INTERRUPTED, EXIT_OK, EXIT_REFUSED

if TYPE_CHECKING:
    from generator.contract.causes import Cause

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"
FEW = 10


@dataclass(frozen=True)
class CaseResult:
    """One case's outcome.

    Attributes:
        outcome: ``passed``, ``failed`` or ``skipped``.
        reason: the case's rule; for a skipped one why it was not run.
        message: for a failed one what was expected and seen; else empty.
        seconds: how long it took.
        exchanges: of a failed one, what it sent and saw.
        ended_at: seconds since the epoch at which it was reported; 0 if it was not.
        note: that the machine was busy, where that bears on the verdict; else empty.
    """

    id: str
    points: int
    outcome: str
    reason: str
    message: str = ""
    seconds: float = 0.0
    exchanges: tuple[Exchange, ...] = ()
    ended_at: float = 0.0
    note: str = ""

    @property
    def feature(self) -> str:
        """The first segment of the id."""
        return self.id.split(".", 1)[0]


@dataclass(frozen=True)
class Report:
    """All cases of one check, in the order of the contract.

    Attributes:
        causes: of those that failed, the most felling one first.
        interrupted: whether Ctrl-C ended it; the cases that were left count as not run.
        lost: why nothing certain was found out about the project; else empty.
        log: where the servers' whole log is kept.
        again: the command that runs just the failed cases again.
    """

    idea: str
    project: str
    cases: tuple[CaseResult, ...]
    causes: tuple[Cause, ...] = ()
    interrupted: bool = False
    lost: str = ""
    log: Path | None = None
    again: str = ""

    @property
    def points(self) -> tuple[int, int]:
        """Points of the cases that passed, and of all that were run."""
        passed = sum(case.points for case in self.cases if case.outcome == PASSED)
        failed = sum(case.points for case in self.cases if case.outcome == FAILED)
        return passed, passed + failed

    @property
    def score(self) -> float | None:
        """Per cent of the points, to one decimal; 100 only when every case that was run passed. None of a part."""
        return None if self.lost or self.interrupted else score(*self.points)

    @property
    def is_blank(self) -> bool:
        """Whether most cases failed because the server does not have at all what they need."""
        from generator.contract.causes import MISSING

        missing = sum(len(cause.cases) for cause in self.causes if cause.kind == MISSING)
        return missing > FEW and missing * 2 > self.count(PASSED) + self.count(FAILED)

    @property
    def failed(self) -> list[str]:
        """The ids of the cases that failed."""
        return [case.id for case in self.cases if case.outcome == FAILED]

    @property
    def exit_code(self) -> int:
        """0 when all that ran passed, 1 when one failed, 2 when nothing was found out, 130 after Ctrl-C."""
        if self.lost:
            return EXIT_REFUSED
        if self.interrupted:
            return EXIT_INTERRUPTED
        return EXIT_CHECK_FAILED if self.failed else EXIT_OK

    def count(self, outcome: str) -> int:
        """How many cases had that outcome."""
        return sum(case.outcome == outcome for case in self.cases)

    def to_json(self) -> dict[str, Any]:
        """The shape that ``scaffold check --json`` prints."""
        return {
            "score": self.score,
            "idea": self.idea,
            "project": self.project,
            "cases": [
                {
                    "id": case.id,
                    "feature": case.feature,
                    "points": case.points,
                    "outcome": case.outcome,
                    "reason": case.reason,
                    "message": case.message,
                    "seconds": case.seconds,
                    "note": case.note,
                }
                for case in self.cases
            ],
            "causes": [cause.to_json() for cause in self.causes],
            "interrupted": self.interrupted,
            "lost": self.lost,
            "log": str(self.log) if self.log else None,
        }

    def features(self) -> dict[str, list[CaseResult]]:
        """The cases by feature, in order of first appearance."""
        grouped: dict[str, list[CaseResult]] = {}
        for case in self.cases:
            grouped.setdefault(case.feature, []).append(case)
        return grouped


def score(passed: int, applicable: int) -> float:
    """Per cent to one decimal, never rounded up to 100; 0 when nothing was run."""
    if applicable == 0:
        return 0.0
    return 100.0 if passed == applicable else min(99.9, round(100 * passed / applicable, 1))
