"""What cases act on: servers, services, clients and accounts, for as long as one process runs cases."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from generator.contract import Case
from generator.contract.accounts import Accounts, Common
from generator.contract.client import Client, Headers, Journal, Newcomer, Target, User, accepted
from generator.contract.control import Control
from generator.contract.mails import Mails
from generator.contract.settings import Orders, Settings

Environment = Mapping[str, str | None]


class Server:
    """A running server of the project, as cases see it.

    Attributes:
        url: its address, without a trailing slash.
        public_url: what it builds its links on.
        pid: its process id; 0 when the runner did not start it.
    """

    def __init__(self, session: Session, target: Target, handle: int | None = None, pid: int = 0) -> None:
        self._session = session
        self._handle = handle
        self.target = target
        self.pid = pid

    @property
    def url(self) -> str:
        """Its address, without a trailing slash."""
        return self.target.url

    @property
    def public_url(self) -> str:
        """What it builds its links on."""
        return self.target.public_url

    def terminate(self) -> None:
        """Send SIGTERM; does not wait."""
        self._call("terminate")

    def kill(self) -> None:
        """Send SIGKILL; does not wait."""
        self._call("kill")

    def wait(self, timeout: float = 15.0) -> int:
        """Its exit code, negative for a signal, once it has ended.

        Raises:
            TimeoutError: it still runs after ``timeout`` seconds.
        """
        return int(self._call("wait", timeout=timeout))

    def stdout_lines(self) -> list[str]:
        """What it has printed on standard output so far."""
        return list(self._call("stdout_lines"))

    def stderr_text(self) -> str:
        """What it has printed on standard error so far."""
        return str(self._call("stderr_text"))

    def client(self, address: str | None = None, headers: Headers | None = None) -> Client:
        """A fresh anonymous client of this server."""
        return self._session.client(self.target, address, headers)

    def as_user(self, name: str, *, own: bool = False) -> User:
        """A signed-in client of this server; ``own`` for a case that changes or ends the account."""
        return self._session.accounts.user(self.target, name, own=own)

    def _call(self, action: str, **arguments: Any) -> Any:
        return self._session.call("server", handle=self._handle, action=action, **arguments)


class Service:
    """A database or cache that a case may take away; it is given back after the case whatever happens."""

    def __init__(self, session: Session, name: str) -> None:
        self._session, self._name = session, name

    def stop(self) -> None:
        """End it: connections are refused."""
        self._session.call("service", name=self._name, action="stop")

    def start(self) -> None:
        """Start it again, with its data."""
        self._session.call("service", name=self._name, action="start")

    def pause(self) -> None:
        """Freeze it: connections hang."""
        self._session.call("service", name=self._name, action="pause")

    def resume(self) -> None:
        """Thaw it."""
        self._session.call("service", name=self._name, action="resume")

    def log(self) -> str:
        """What it has written to its outputs."""
        return str(self._session.call("service_log", name=self._name))


@dataclass(frozen=True)
class Attempt:
    """How one run of a project's command ended.

    Attributes:
        code: its exit code, negative for the signal that ended it.
        output: what it printed, on both outputs.
        seconds: how long it took.
        changes: how many changes of the database's schema were seen; 0 when nobody looked.
    """

    code: int
    output: str
    seconds: float
    changes: int


class Project:
    """The project's commands, and the databases they work on."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def run(self, command: str, env: Environment | None = None, *, stop_at: int | None = None) -> Attempt:
        """Run one of its commands, such as ``migrate``; threads may run several at once.

        Args:
            env: variables over the main server's; None takes one away.
            stop_at: kill it right after so many changes of the schema (of the database that ``DATABASE_URL`` names).
                A number that is never reached only counts them.

        Raises:
            StewardError: there is no such command, or it did not end within a minute.
        """
        return Attempt(**self._session.call("attempt", command=command, env=dict(env or {}), stop_at=stop_at))

    def blank_database(self) -> str:
        """The DATABASE_URL of a new database without tables."""
        return str(self._session.call("blank_database"))

    def outline(self, database: str) -> list[str]:
        """The columns and indexes of a database, given by its DATABASE_URL, in a stable order."""
        return [f"{table}: {entry}" for table, entry in self._session.call("outline", url=database)]

    def setting(self, name: str) -> str | None:
        """What the main server was given for a variable; None when it was given nothing."""
        value = self._session.call("setting", name=name)
        return None if value is None else str(value)


class Contents:
    """What the main server's database holds, read behind the server's back."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def rows(self) -> list[str]:
        """Every row of every table as text, led by the table's name."""
        return [f"{table}: {row}" for table, row in self._session.call("contents")]

    def holding(self, *texts: str) -> list[str]:
        """The rows that hold one of these texts, in any case."""
        wanted = [text.lower() for text in texts]
        return [row for row in self.rows() if any(text in row.lower() for text in wanted)]


class Session:
    """What the fixtures share: the main server, the accounts of the running case, the line to the steward."""

    def __init__(self, settings: Settings, orders: Orders, control: Control) -> None:
        self.settings, self.auth = settings, orders.auth
        self.mails = Mails((lambda known: control.call("mails", known=known)) if orders.mails else None)
        self._newcomer = _newcomer(settings, self.mails)
        self._bind_sources, self._borrowed = orders.bind_sources, orders.borrowed
        self.journal = Journal()
        self._common = Common()
        self.accounts = Accounts()
        self._clients: list[Client] = []
        self._control = control if orders.managed else None
        target = self._target(orders.url, orders.public_url, "main", main=True)
        self.main = Server(self, target, handle=0, pid=orders.pid)

    def begin(self, case: Case) -> None:
        """Before a case."""
        self.journal.clear()
        # A case about request ids must see those that the server makes.
        self.journal.names_requests = "request-id" not in case.id
        self.accounts = Accounts(None if case.auth or "users" in case.needs else self._common)

    def end(self, *, failed: bool) -> str:
        """After a case: close its clients and have servers and services put back.

        Args:
            failed: whether it failed; then no later case relies on what it left.

        Returns:
            What the case left broken, or an empty string.
        """
        if failed:
            self._common.forget()
        for client in self._clients:
            client.close()
        self._clients.clear()
        self.accounts.close()
        if self._control is None or self._borrowed:
            return ""
        state = self._control.call("restore", doubtful=self.journal.broken)
        self._place_main(state["main"])
        return str(state["problem"])

    def call(self, method: str, **arguments: Any) -> Any:
        """Ask the steward.

        Raises:
            RuntimeError: there is none; the case should have said that it needs one.
        """
        if self._control is None:
            raise RuntimeError("this server was not started by the runner: the case lacks needs=('process',)")
        return self._control.call(method, **arguments)

    def client(self, target: Target, address: str | None = None, headers: Headers | None = None) -> Client:
        """A fresh anonymous client that lives until the end of the case."""
        client = Client(target, address, headers)
        self._clients.append(client)
        return client

    @contextmanager
    def boot(self, env: Environment, *, fresh: bool, ready: bool) -> Iterator[Server]:
        """A further server of the same project, ended when the block is left."""
        facts = self.call("boot", env=dict(env), fresh=fresh, ready=ready)
        database = f"boot-{facts['handle']}" if fresh or "DATABASE_URL" in env else "main"
        target = self._target(facts["url"], facts["public_url"], database)
        try:
            yield Server(self, target, facts["handle"], facts["pid"])
        finally:
            self.call("server", handle=facts["handle"], action="close")

    def variant(self, env: Environment) -> Server:
        """A further server of the same project that later cases with the same settings share."""
        facts = self.call("variant", env=dict(env))
        return Server(self, self._target(facts["url"], facts["public_url"], "main"), facts["handle"], facts["pid"])

    def refuse(self, env: Environment, timeout: float) -> tuple[int, str]:
        """Exit code and output of a start that must fail."""
        facts = self.call("refuse", env=dict(env), timeout=timeout)
        assert facts["code"] is not None, f"it started, although it should have refused to:\n{facts['output']}"
        return int(facts["code"]), str(facts["output"])

    def _target(self, url: str, public_url: str, database: str, *, main: bool = False) -> Target:
        return Target(url, public_url, self.auth, self._bind_sources, database, main, self._newcomer, self.journal)

    def _place_main(self, facts: dict[str, Any]) -> None:
        if (facts["url"], facts["pid"]) != (self.main.url, self.main.pid):
            self.main.target = self._target(facts["url"], facts["public_url"], "main", main=True)
            self.main.pid = facts["pid"]


def _newcomer(settings: Settings, mails: Mails) -> Newcomer:
    """How a sign-up becomes an account: ``welcome`` of the idea's ``newcomer.py``, where it has one."""
    module = newcomer_module(settings)
    if module is None:
        return accepted
    return lambda client, sent, answer: module.welcome(client, sent, answer, mails)


def newcomer_module(settings: Settings) -> ModuleType | None:
    """The idea's ``newcomer.py``, where it has one."""
    return importlib.import_module("newcomer") if (settings.openapi.parent / "newcomer.py").is_file() else None
