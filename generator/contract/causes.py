"""Groups the cases that failed by what made them fail, and says where in the project that is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from generator.contract import clues
from generator.contract.exchange import ABSENT, Exchange
from generator.contract.operations import Operation, Operations
from generator.contract.serverlog import LoggedError, ServerLog
from generator.contract.sources import SHAPES, Place, SourceFiles

EXCEPTION, MISSING, STATUS, MEMBERS, SILENT, RULE = "exception", "missing", "status", "members", "silent", "rule"
MOST_CHECKS = 3  # of a member, that are shown before the handler
UNAVAILABLE = 503  # what a server rightly answers while a service is away
# What databases say of a column or table that they do not have.
_UNKNOWN_NAMES = (
    re.compile(r"table \W?(?P<table>\w+)\W? has no column named (?P<name>\w+)"),
    re.compile(r"no such column: (?:(?P<table>\w+)\.)?(?P<name>\w+)"),
    re.compile(r"column \"?(?P<name>\w+)\"? of relation \"?(?P<table>\w+)\"? does not exist"),
    re.compile(r"column (?:(?P<table>\w+)\.)?\"?(?P<name>\w+)\"? does not exist"),
    re.compile(r"(?:no such table: |relation \"?)(?P<name>\w+)(?P<table>)"),
)
_SCENE = re.compile(r"the scene '[^']*' could not be played: ")
_BODY = re.compile(r" (\{\"|<).*")
_STATUS = re.compile(r"\b[2-5]\d\d\b")
_VARYING = re.compile(r"'[^']*'|\"[^\"]*\"|\b[0-9a-f-]{12,}\b|\d+\.\d+")


class Failed(Protocol):
    """A case that failed, see :class:`generator.contract.report.CaseResult`."""

    @property
    def id(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def message(self) -> str: ...
    @property
    def seconds(self) -> float: ...
    @property
    def exchanges(self) -> tuple[Exchange, ...]: ...
    @property
    def ended_at(self) -> float: ...


@dataclass(frozen=True)
class Cause:
    """Why cases failed.

    Attributes:
        kind: ``exception``, ``missing``, ``status``, ``members``, ``silent`` or ``rule``.
        title: what is wrong, in one line.
        cases: ids of those it fells.
        rule: the rule of the first of them.
        message: what that one expected and saw.
        exchange: the request that shows it.
        place: the line or the function of the project where it is.
        code: the text of that line.
        trail: further functions that the request goes through.
        hint: what else the server said that may be the reason, with its place.
        trace: the server's own traceback.
        rule_file: the project's file that holds the rule.
    """

    kind: str
    title: str
    cases: tuple[str, ...]
    rule: str
    message: str
    exchange: Exchange | None = None
    place: Place | None = None
    code: str = ""
    trail: tuple[Place, ...] = ()
    hint: str = ""
    trace: str = ""
    rule_file: str = ""

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "kind": self.kind,
            "title": self.title,
            "cases": list(self.cases),
            "rule": self.rule,
            "message": self.message,
            "request": self.exchange.to_json() if self.exchange else None,
            "file": self.place.file if self.place else None,
            "line": self.place.line if self.place else None,
            "lastLine": (self.place.last or self.place.line) if self.place else None,
            "trail": [str(place) for place in self.trail],
            "hint": self.hint or None,
            "traceback": self.trace,
            "ruleFile": self.rule_file or None,
        }


@dataclass
class _Group:
    """Cases of one cause, with what the first of them showed."""

    kind: str
    title: str
    first: Failed
    exchange: Exchange | None = None
    operation: Operation | None = None
    error: LoggedError | None = None
    names: Sequence[str] = ()
    said: Place | None = None
    cases: list[str] = field(default_factory=list)


class Explainer:
    """Finds the causes of failures.

    Args:
        operations: of the idea's documents.
        log: what the servers wrote, if it can be read.
        sources: the project's, if it is on this machine.
        rule_files: the project's file that holds the rule, by case id.
    """

    def __init__(
        self,
        operations: Operations,
        log: ServerLog | None = None,
        sources: SourceFiles | None = None,
        rule_files: Mapping[str, str] = {},
    ) -> None:
        self._operations, self._log, self._sources, self._rule_files = operations, log, sources, rule_files
        self._silence: dict[int, Exchange] = {}

    def causes(self, failed: Iterable[Failed]) -> tuple[Cause, ...]:
        """The causes, the one that fells most cases first."""
        cases = sorted(failed, key=lambda case: case.ended_at or float("inf"))
        absent = self._absent(cases)
        self._silence = _roots_of_silence(exchange for case in cases for exchange in case.exchanges)
        groups: dict[tuple[Any, ...], _Group] = {}
        scenes: dict[str, tuple[Any, ...]] = {}
        for case in cases:
            line = case.message.split("\n", 1)[0]
            key, group = self._group(case, absent)
            if _SCENE.match(line):  # cases that judge one scene fail for what the first of them saw
                key = scenes.setdefault(line, key)
            groups.setdefault(key, group).cases.append(case.id)
        return tuple(self._cause(one) for one in sorted(groups.values(), key=lambda one: -len(one.cases)))

    def _absent(self, cases: Sequence[Failed]) -> set[str]:
        """Operations that the server does not have at all."""
        seen: dict[str, set[int]] = {}
        for exchange in (exchange for case in cases for exchange in case.exchanges):
            operation = self._operations.of(exchange)
            if not operation.has_parameters:
                seen.setdefault(str(operation), set()).add(exchange.status)
        return {operation for operation, statuses in seen.items() if statuses <= ABSENT}

    def _group(self, case: Failed, absent: set[str]) -> tuple[tuple[Any, ...], _Group]:
        if found := self._exception(case):
            error, exchange = found
            # One line may raise in many ways; it is still one thing to mend.
            kind = error.headline.split(":")[0]
            return (EXCEPTION, kind, error.places[:1]), _Group(EXCEPTION, error.headline, case, exchange, error=error)
        met = [(exchange, self._operations.of(exchange)) for exchange in case.exchanges]
        for exchange, operation in met:
            # What the documents do not have may rightly be absent: there the message must complain of it.
            if str(operation) in absent and (operation.statuses or _complains(case.message, exchange.status)):
                title = f"nothing at {operation}: {exchange.status}"
                return (MISSING, str(operation)), _Group(MISSING, title, case, exchange, operation)
        for exchange, operation in met:
            if operation.wrong_status(exchange):
                due = " or ".join(map(str, operation.statuses))
                title = f"{operation} answers {exchange.status}, not {due}"
                return (STATUS, str(operation), exchange.status), _Group(STATUS, title, case, exchange, operation)
        for exchange, operation in met:
            missing, further = operation.wrong_members(exchange)
            if any(name in case.message for name in (*missing, *further)):
                title = f"{operation} answers {_names_of(missing, further)}"
                group = _Group(MEMBERS, title, case, exchange, operation, names=further)
                return (MEMBERS, tuple(missing), tuple(further)), group
        for exchange, operation in met:
            if not exchange.status:
                root = self._silence.get(id(exchange), exchange)
                operation = self._operations.of(root)
                title = f"{operation} got no answer"
                return (SILENT, str(operation)), _Group(SILENT, title, case, root, operation)
        shown, meant = self._telling(case, met)
        if meant and meant.statuses and str(meant) in absent:
            return (MISSING, str(meant)), _Group(MISSING, f"nothing at {meant}", case, shown, meant)
        if mistake := self._mistake(case):
            kind = mistake.headline.split(":")[0]
            return (EXCEPTION, kind, mistake.places[:1]), _Group(
                EXCEPTION, mistake.headline, case, shown, error=mistake
            )
        if said := self._said(shown, meant, case.message):
            words = f"{meant} answers {shown.status} at {said}" if shown else ""
            return (RULE, str(said)), _Group(RULE, words, case, shown, meant, said=said)
        line = _SCENE.sub("", case.message.split("\n", 1)[0])
        key = (RULE, str(meant), shown.status if shown else 0, _VARYING.sub("", line))
        title = _BODY.sub("", line)
        if meant and meant.path not in title:
            title = f"{meant}: {title}"
        return key, _Group(RULE, title, case, shown, meant)

    def _telling(
        self, case: Failed, met: Sequence[tuple[Exchange, Operation]]
    ) -> tuple[Exchange | None, Operation | None]:
        """The exchange and operation that a broken rule is about: the last whose status the message speaks of.

        Some requests are not kept, as those of a hundred clients at once. Then a status that only one operation has
        tells which it was.
        """
        spoken = set(map(int, _STATUS.findall(case.message.split("\nlast request: ")[0])))
        own = [
            one for one in met if case.id.startswith("auth.") or "/auth/" not in one[0].path
        ]  # who logs in on the way
        for exchange, operation in reversed(own):
            if exchange.status in spoken:
                return exchange, operation
        if only := self._operations.only_one_with(spoken):
            return None, only
        return own[-1] if own else (None, None)

    def _mistake(self, case: Failed) -> LoggedError | None:
        """A mistake in what runs in the background, logged while the case ran."""
        return self._log.mistake(case.ended_at - case.seconds, case.ended_at) if self._log and case.ended_at else None

    def _said(self, shown: Exchange | None, meant: Operation | None, message: str) -> Place | None:
        """The line that refused a request which ought to have been answered otherwise."""
        if not self._sources or not shown or not meant or not _complains(message, shown.status):
            return None
        return clues.said(shown, self._sources, self._way(meant)[1])

    def _way(self, operation: Operation) -> tuple[Place | None, list[Place]]:
        """The handler of an operation, and the functions that a request goes through, the handler first."""
        handler = self._sources.handler(operation.method, operation.path) if self._sources else None
        return handler, self._sources.trail(handler) if self._sources and handler else []

    def _exception(self, case: Failed) -> tuple[LoggedError, Exchange | None] | None:
        """The server's error behind a failure, and the request that met it."""
        if self._log is None:
            return None
        broken = [one for one in case.exchanges if not one.status or (one.status >= 500 and one.status != UNAVAILABLE)]
        for exchange in reversed(broken):
            if error := self._log.of_request(exchange.request_id):
                return error, exchange
        if "the server ended" in case.message and (error := self._log.without_request()):
            return error, broken[-1] if broken else None
        if broken or re.search(r"\b500\b", case.message):
            began = case.ended_at - case.seconds
            if error := self._log.between(began, case.ended_at) or self._log.without_request():
                return error, broken[-1] if broken else None
        return None

    def _cause(self, group: _Group) -> Cause:
        place, trail = self._place(group)
        return Cause(
            group.kind,
            group.title,
            tuple(group.cases),
            group.first.reason,
            group.first.message,
            group.exchange,
            place,
            self._sources.line(place) if self._sources and place else "",
            tuple(trail),
            self._hint(group, place, trail),
            group.error.trace if group.error else "",
            self._rule_files.get(group.first.id, ""),
        )

    def _hint(self, group: _Group, place: Place | None, trail: Sequence[Place]) -> str:
        """What else there is that may be the reason, with its place."""
        if warning := self._log.warning() if self._log else None:
            return f"{warning.places[0]} {warning.headline}"
        if group.error or group.kind == MISSING or not self._sources:
            return ""
        way = [place, *trail] if place else [*trail]
        if found := self._sources.unawaited([one for one in way if one.last or one.name]):
            return f"{found[0]} '{found[1]}' is called without await"
        mistake = self._log.mistake() if self._log else None
        return f"{mistake.places[0]} {mistake.headline}" if mistake else ""

    def _place(self, group: _Group) -> tuple[Place | None, list[Place]]:
        """Where it is, and what else the request goes through."""
        if group.error:
            places = list(group.error.places)
            unknown = next((found for one in _UNKNOWN_NAMES if (found := one.search(group.error.trace))), None)
            if self._sources and unknown:
                schema = self._sources.in_migrations(unknown["table"] or "", unknown["name"])
                if schema:
                    return schema, places  # the database has not what the code takes for granted
            return (places[0] if places else None), places[1:]
        if self._sources is None or group.operation is None:
            return None, []
        handler, trail = self._way(group.operation)
        steps = _functions(trail)
        steps.sort(key=lambda place: bool(SHAPES.search(place.file)))
        if group.kind == MEMBERS:
            named = [self._sources.word(name, trail) for name in group.names]
            if place := next((place for place in named if place), None):
                return place, [handler] if handler else []
        whole = [handler, *steps] if handler else []
        if group.said:
            return group.said, [place for place in whole if place.last]
        status = group.exchange.status if group.exchange else 0
        # The number of a status that is right stands in many lines that are right.
        refused = status not in group.operation.statuses and _complains(group.first.message, status)
        wrong = group.kind == STATUS or (group.kind == RULE and status and refused)
        if wrong and (place := self._sources.literal(whole, str(status))):
            return place, steps
        if group.kind == RULE:
            if place := clues.value(group.first.message, self._sources, whole):
                return place, [step for step in whole if step.file != place.file]
            if group.exchange and (place := clues.member(group.first.message, group.exchange, self._sources, handler)):
                checks = _functions(self._sources.trail(place, anywhere=True)[1:])
                return place, [*checks[:MOST_CHECKS], *whole]
        return handler, [place for place in steps if handler is None or place.file != handler.file]


def _functions(places: Iterable[Place]) -> list[Place]:
    """Without classes and types."""
    return [place for place in places if place.name[:1].islower() or place.name[:1] == "_"]


def _roots_of_silence(exchanges: Iterable[Exchange]) -> dict[int, Exchange]:
    """For each request without an answer, the one with which the silence began: a server that hangs answers nothing."""
    roots: dict[int, Exchange] = {}
    root: Exchange | None = None
    for exchange in sorted(exchanges, key=lambda one: one.at):
        root = None if exchange.status else root or exchange
        if root:
            roots[id(exchange)] = root
    return roots


def _complains(message: str, status: int) -> bool:
    """Whether a message says that this status was seen and another one was due."""
    seen = re.search(rf"(assert|got|answered|:) {status}\b|^{status}\b", message)
    return bool(seen) and not re.search(rf"expected {status}|== {status}", message)


def _names_of(missing: Sequence[str], further: Sequence[str]) -> str:
    parts = [f"without {', '.join(missing)}"] if missing else []
    return " and ".join(parts + ([f"with {', '.join(further)}"] if further else []))
