"""What was reported of each case of a run, and whether a failure may be the machine's."""

from __future__ import annotations

from dataclasses import dataclass, field

from generator.contract import Case
from generator.contract.exchange import Exchange
from generator.contract.report import FAILED, PASSED, SKIPPED, CaseResult

SILENT = "did not report"
SERVER_ENDED = "the server ended during this case"
AGAIN = "and again when run alone"
_FIRST_MESSAGE = 160


@dataclass
class Record:
    """What was reported of one case.

    Attributes:
        items: how many variants it has; each reports an outcome.
        outcomes: those reported so far.
        message: of the first that did not pass.
        seconds: how long they took.
        exchanges: what the first that failed sent and saw.
        began, ended: when, by ``time.monotonic()``.
        ended_at: the same in seconds since the epoch; 0 while nothing is reported.
    """

    items: int = 1
    outcomes: list[str] = field(default_factory=list)
    message: str = ""
    seconds: float = 0.0
    exchanges: list[Exchange] = field(default_factory=list)
    began: float = 0.0
    ended: float = 0.0
    ended_at: float = 0.0

    @property
    def whole(self) -> bool:
        """Whether every variant has reported."""
        return len(self.outcomes) == self.items

    @property
    def failed(self) -> bool:
        """Whether it has reported a failure."""
        return self.whole and FAILED in self.outcomes

    def result(self, case: Case, note: str = "") -> CaseResult:
        """The verdict on it."""
        if self.whole and set(self.outcomes) == {PASSED}:
            return CaseResult(case.id, case.points, PASSED, case.reason, "", self.seconds, note=note)
        if self.whole and FAILED not in self.outcomes and PASSED not in self.outcomes:
            return CaseResult(case.id, case.points, SKIPPED, f"not run: {self.message}", "", self.seconds)
        return CaseResult(
            *(case.id, case.points, FAILED, case.reason, self.message or SILENT, self.seconds),
            exchanges=tuple(self.exchanges),
            ended_at=self.ended_at,
            note=note,
        )


def stands(case: Case, record: Record) -> str:
    """Why a failure is one of the project, although the machine was busy; an empty string when it may not be."""
    if case.race:
        return "a case about a race is not run a second time"
    if any(exchange.status == 500 for exchange in record.exchanges):
        return "an answer of 500 is not a matter of time"
    if SERVER_ENDED in record.message:
        return "a server that ends is not a matter of time"
    return ""


def note_of(first: Record, busy: str, second: Record, still_busy: str) -> str:
    """What is said of a case that was run a second time.

    Args:
        busy: how busy the machine was the first time.
        still_busy: the same of the second time, or an empty string.
    """
    if not second.failed:
        seen = first.message.splitlines()[0][:_FIRST_MESSAGE] if first.message else SILENT
        return f"failed once while the machine was busy ({busy}), passed when run alone; the first time: {seen}"
    still = f"; the machine was still busy ({still_busy})" if still_busy else ""
    return f"failed while the machine was busy ({busy}), {AGAIN}{still}"
