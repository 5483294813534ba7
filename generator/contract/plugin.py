"""The pytest plugin: finds the cases, and writes what becomes of each as it happens.

It only reports. Whether the contract holds is decided by the runner, in another process, from these events and
the cases it knows.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from generator.contract import Case, case_of
from generator.contract.control import Control
from generator.contract.events import Reporter
from generator.contract.evidence import Evidence
from generator.contract.exchange import Exchange
from generator.contract.forking import serve
from generator.contract.session import Session, newcomer_module
from generator.contract.settings import Orders, Settings

SESSION = pytest.StashKey[Session]()

_SILENT = ("failed", "did not report")
_MESSAGE_LINES = 8
_MESSAGE_LENGTH = 900


class ContractPlugin:
    """Hooks of one pytest run.

    Args:
        settings: where the cases are.
        line: the runner's, for events, and for bytes that say when to fork.
    """

    session: Session

    def __init__(self, settings: Settings, line: socket.socket) -> None:
        self.settings, self._line = settings, line
        self.report = Reporter(line, settings.key)
        self._began = 0.0
        self._verdict = _SILENT
        self._earlier = Evidence()

    def pytest_configure(self, config: pytest.Config) -> None:
        """Let the assertions of helper modules explain themselves, too."""
        helpers = {path.stem for folder in self.settings.folders for path in Path(folder).rglob("*.py")}
        pytest.register_assert_rewrite(*sorted(helpers))

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Tell which cases there are, and fork: who is forked keeps those that are then ordered.

        A test that is no case, or an id that is used twice, breaks the contract.
        """
        cases: dict[str, dict[str, Any]] = {}
        owners: dict[str, object] = {}
        for item in items:
            function = getattr(item, "function", None)
            case = case_of(function)
            if case is None:
                self.report("broken", message=f"{_place(item)} has no @case")
            elif owners.setdefault(case.id, function) is not function:
                self.report("broken", message=f"{_place(item)}: the id '{case.id}' is used twice")
            else:
                entry = cases.setdefault(case.id, {**_members(case), "items": 0})
                entry["items"] += 1
        self.report("collected", cases=list(cases.values()))
        newcomer_module(self.settings)  # loaded now, as all that cases use
        lines = serve(self._line, self.report)
        order = lines.events.makefile("rb", buffering=0).readline() if lines else b""
        if lines is None or not order:
            items.clear()
            return
        orders = Orders.from_line(order)
        self.report = Reporter(lines.events, orders.key)
        config.option.maxfail = 1 if orders.fail_fast else 0
        config.stash[SESSION] = self.session = Session(self.settings, orders, Control(lines.control))
        place = {case_id: number for number, case_id in enumerate(orders.cases)}
        items[:] = [item for item in items if _case(item).id in place]
        items.sort(key=lambda item: place[_case(item).id])

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file that cannot be imported breaks the contract, whatever it holds."""
        if report.failed:
            words = str(report.longrepr).strip().splitlines()
            reason = next((line for line in reversed(words) if line.startswith("E  ")), words[-1] if words else "")
            self.report("broken", message=f"{report.nodeid}: {reason.removeprefix('E').strip()}")

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Forget the case before."""
        self._verdict = _SILENT
        self._began = time.monotonic()

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Tell that the case is under way."""
        self.session.begin(_case(item))
        self.report("started", id=_case(item).id)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Form the item's verdict from its three phases: only a call that passed, with a clean end, passes."""
        report = yield
        if report.failed:
            already_failed = self._verdict[0] == "failed" and self._verdict is not _SILENT
            self._verdict = self._verdict if already_failed else ("failed", self._explain(report, call))
        elif report.skipped:
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
            self._verdict = ("skipped", reason.removeprefix("Skipped: "))
        elif report.when == "call":
            self._verdict = ("passed", "")
        return report

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """After the last phase: put everything back, then report."""
        if report.when != "teardown":
            return
        outcome, message = self._verdict
        exchanges = self._exchanges()
        problem = self.session.end(failed=outcome == "failed")
        if problem and outcome != "failed":
            outcome, message = "failed", problem
        elif problem:
            message = f"{message} ({problem})"
        item_id = dict(report.user_properties)["case"]
        seconds = round(time.monotonic() - self._began, 3)
        shown = [one.to_json() for one in exchanges] if outcome == "failed" else []
        self.report("finished", id=item_id, outcome=outcome, message=message, seconds=seconds, exchanges=shown)

    def _exchanges(self) -> list[Exchange]:
        """Those of the case; of one that judges what an earlier case saw, all of the earlier ones."""
        exchanges = self.session.journal.evidence.exchanges()
        for exchange in exchanges:
            self._earlier.add(exchange)
        return exchanges or self._earlier.exchanges()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> None:
        """Carry the id on the report, where the item itself is no longer at hand."""
        item.user_properties.append(("case", _case(item).id))

    def _explain(self, report: pytest.TestReport, call: pytest.CallInfo[None]) -> str:
        crash = getattr(report.longrepr, "reprcrash", None)
        text = crash.message if crash else str(call.excinfo.value if call.excinfo else report.longrepr)
        # pytest's "where" lines tell how a value came about; the last request tells it better.
        lines = [line for line in text.removeprefix("AssertionError: ").splitlines() if line.strip(" +")]
        lines = [line for line in lines if not line.lstrip().startswith(("+ ", "Use -v "))]
        message = "\n".join(lines[:_MESSAGE_LINES])[:_MESSAGE_LENGTH]
        place = self._place_in_contract(call) or (f"\nat {Path(crash.path).name}:{crash.lineno}" if crash else "")
        last = self.session.journal.beside(message)
        return message + (f"\nlast request: {last}" if last else "") + place

    def _place_in_contract(self, call: pytest.CallInfo[None]) -> str:
        """The last line of the contract that ran, where it was a library called from there that raised."""
        for entry in reversed(call.excinfo.traceback if call.excinfo else ()):
            if any(Path(entry.path).is_relative_to(folder) for folder in self.settings.folders):
                return f"\nat {Path(entry.path).name}:{entry.lineno + 1}"
        return ""


def _members(case: Case) -> dict[str, Any]:
    return {
        "id": case.id,
        "points": case.points,
        "reason": case.reason,
        "needs": list(case.needs),
        "auth": list(case.auth),
        "signup": case.signup,
        "waits": case.waits,
        "race": case.race,
    }


def _case(item: pytest.Item) -> Case:
    found = case_of(getattr(item, "function", None))
    assert found is not None, f"{item.nodeid} has no @case"
    return found


def _place(item: pytest.Item) -> str:
    path, line, name = item.location
    return f"{Path(path).name}:{(line or 0) + 1} {name}"
