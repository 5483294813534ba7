"""Which cases run beside each other.

Most cases wait for something: a server that starts, a database that is away, a buffer that is written. So they run in
lanes at the same time. Each lane has servers and services of its own, so that no case disturbs one of another lane.
Cases that wait for a minute need hardly anything: each has a process of its own and borrows the servers of a lane.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from threading import Lock
from typing import Any

from generator.contract import Case
from generator.contract.control import Handlers
from generator.contract.hosting import Host
from generator.contract.process import CaseProcess
from generator.contract.runner import Lane
from generator.contract.steward import Steward

MAIN, ACCOUNTS, SERVERS, OUTAGES, WAITING = "main", "accounts", "servers", "outages", "waiting"


def lane_of(case: Case) -> str:
    """The lane that a case runs in."""
    if {"database", "cache"}.intersection(case.needs):
        return OUTAGES
    if case.waits:
        return WAITING
    if {"process", "contents"}.intersection(case.needs):
        return SERVERS
    return ACCOUNTS if set(case.auth) - {"none"} else MAIN  # these keep a server busy with hashing


def grouped(cases: Sequence[Case]) -> dict[str, list[str]]:
    """Lane → ids of its cases, in the order of the contract; what waits longest comes last."""
    groups: dict[str, list[str]] = {}
    for case in sorted(cases, key=lambda case: case.waits):
        groups.setdefault(lane_of(case), []).append(case.id)
    return groups


def lanes_of_address(
    cases: Sequence[Case], process: Callable[[], CaseProcess], where: dict[str, Any], handlers: Handlers
) -> list[Lane]:
    """The lanes for a server that somebody else runs: one after the other, but for those that wait.

    Args:
        process: makes a process for cases.
        where: the server, as members of :class:`~generator.contract.settings.Orders`.
        handlers: what cases may ask for, by name.
    """
    busy = [case.id for case in cases if not case.waits]
    waiting = [[case.id] for case in cases if case.waits]
    return [Lane(ids, process, lambda: where, handlers) for ids in (busy, *waiting) if ids]


class Grounds:
    """Where the lanes of one project run: sets of servers and services, put up side by side; a context manager.

    Args:
        host: makes one more set of services, migrated; called from threads.
        auth: the project's auth choice.
    """

    def __init__(self, host: Callable[[ExitStack], Host], auth: str) -> None:
        self._host, self._auth = host, auth
        self._resources, self._lock = ExitStack(), Lock()
        self._stewards: list[Steward] = []

    def __enter__(self) -> Grounds:
        return self

    def __exit__(self, *_: object) -> None:
        self._resources.close()

    def end_servers(self) -> None:
        """Ask the servers to end, so that they write what is left of their logs; their files stay."""
        with ThreadPoolExecutor(max(1, len(self._stewards))) as pool:
            list(pool.map(Steward.close, self._stewards))

    def lanes(self, cases: Sequence[Case], process: Callable[[], CaseProcess]) -> list[Lane]:
        """The lanes for these cases, their main servers started.

        Args:
            process: makes a process for cases.

        Raises:
            ScaffoldError: the project does not migrate or start.
        """
        groups = grouped(cases)
        waiting = groups.pop(WAITING, [])
        names = list(groups) or ([MAIN] if waiting else [])
        with ThreadPoolExecutor(max(1, len(names))) as pool:
            places = dict(zip(names, pool.map(self._put_up, names), strict=True))
        made = [Lane(ids, process, places[name].where, places[name].handlers) for name, ids in groups.items()]
        if not waiting:
            return made
        lender = places.get(MAIN) or next(iter(places.values()))
        return made + [
            Lane([case_id], process, lambda: {**lender.where(), "borrowed": True}, lender.handlers)
            for case_id in waiting
        ]

    def _put_up(self, name: str) -> _Place:
        """Start a lane's services and main server."""
        own = ExitStack()
        with self._lock:
            self._resources.push(own)
        host = self._host(own)
        steward = Steward(host)
        own.callback(steward.close)
        self._stewards.append(steward)
        return _Place(steward, self._auth)


@dataclass(frozen=True)
class _Place:
    """A lane's servers and services."""

    steward: Steward
    auth: str

    @property
    def handlers(self) -> Handlers:
        """What cases may ask of them."""
        return self.steward.handlers()

    def where(self) -> dict[str, Any]:
        """Where the main server is, after everything was put back."""
        main = self.steward.restore()["main"]
        server = {key: main[key] for key in ("url", "public_url", "pid")}
        return {"auth": self.auth, "managed": True, "mails": True, **server}
