"""What a check found out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"


@dataclass(frozen=True)
class CaseResult:
    """One case's outcome.

    Attributes:
        outcome: ``passed``, ``failed`` or ``skipped``.
        reason: the case's rule; for a skipped one why it was not run.
        message: for a failed one what was expected and seen; else empty.
        seconds: how long it took.
    """

    id: str
    points: int
    outcome: str
    reason: str
    message: str = ""
    seconds: float = 0.0

    @property
    def feature(self) -> str:
        """The first segment of the id."""
        return self.id.split(".", 1)[0]


@dataclass(frozen=True)
class Report:
    """All cases of one check, in the order of the contract."""

    idea: str
    project: str
    cases: tuple[CaseResult, ...]

    @property
    def points(self) -> tuple[int, int]:
        """Points of the cases that passed, and of all that were run."""
        passed = sum(case.points for case in self.cases if case.outcome == PASSED)
        failed = sum(case.points for case in self.cases if case.outcome == FAILED)
        return passed, passed + failed

    @property
    def score(self) -> float:
        """Per cent of the points, to one decimal; 100 only when every case that was run passed."""
        return score(*self.points)

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
                }
                for case in self.cases
            ],
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


def exit_code(cases: Sequence[CaseResult]) -> int:
    """0 when all that ran passed, 1 when one failed."""
    return int(any(case.outcome == FAILED for case in cases))
