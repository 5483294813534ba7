"""Checks a server or a project against the contract of its idea."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.contract.applicability import Facts
from generator.contract.hosting import Host
from generator.contract.process import CaseProcess, Collected
from generator.contract.report import CaseResult, Report
from generator.contract.runner import Limits, Progress, Run, contract_folders, select
from generator.contract.steward import Steward
from generator.services.contents import readable

_LONGEST_BASE = 70


@dataclass(frozen=True)
class Wishes:
    """What to check, and how.

    Attributes:
        only: glob patterns on case ids; all cases when empty.
        fail_fast: stop after the first case that fails.
        limits: how long cases may take.
        progress: told, in a few words each, what is going on.
    """

    only: Sequence[str] = ()
    fail_fast: bool = False
    limits: Limits = field(default_factory=Limits)
    progress: Progress = lambda line: None


class Contract:
    """The cases of one idea.

    Args:
        idea: its id.

    Raises:
        RefusedChoice: there is no such idea.
        CatalogError: it has no contract.
    """

    def __init__(self, idea: str) -> None:
        from generator.catalog import Catalog

        catalog = Catalog.load()
        self.idea = catalog.idea(idea).id
        self.folders = contract_folders(catalog.idea(idea).path, catalog.shared / "shared")

    @contextmanager
    def opened(self, only: Sequence[str] = ()) -> Iterator[Opened]:
        """Its cases, collected and ready to be run; those that match a pattern if any is given.

        Raises:
            CatalogError: the contract is broken.
            ScaffoldError: no case matches.
        """
        with _scratch() as scratch, CaseProcess(scratch, self.folders) as process:
            yield Opened(self, scratch, process, select(process.collected(), only))


class Opened:
    """A contract whose cases are collected by a process that waits for orders."""

    def __init__(self, contract: Contract, scratch: Path, process: CaseProcess, cases: list[Collected]) -> None:
        self.idea, self.cases, self.scratch = contract.idea, cases, scratch
        self._folders = contract.folders
        self._waiting: CaseProcess | None = process

    def process(self) -> CaseProcess:
        """The process that waits, the first time; afterwards a new one."""
        process, self._waiting = self._waiting, None
        return process or CaseProcess(self.scratch, self._folders)

    def run(self, facts: Facts, where: Callable[[], dict[str, Any]], wishes: Wishes) -> tuple[CaseResult, ...]:
        """Run the cases, see :class:`generator.contract.runner.Run`."""
        return Run(
            self.cases,
            facts,
            fresh=self.process,
            where=where,
            fail_fast=wishes.fail_fast,
            limits=wishes.limits,
            progress=wishes.progress,
        )()


def check_server(
    contract: Contract, url: str, *, public_url: str | None, auth: str | None, remote: bool, wishes: Wishes
) -> Report:
    """Check a server that somebody else runs; what would start, stop or starve it is not run.

    Args:
        url: its address.
        public_url: what it builds its links on, if that differs.
        auth: its auth choice; found out when None.
        remote: whether it may be on another machine.

    Raises:
        ScaffoldError: an address that cannot be used, or nothing answers there.
    """
    from generator.contract.addresses import can_bind_sources
    from generator.contract.detection import detect_auth, plain_address

    address = plain_address(url, remote=remote)
    public = plain_address(public_url, remote=True) if public_url else address
    scheme = detect_auth(address, given=auth)
    where = {"url": address, "public_url": public, "auth": scheme, "bind_sources": can_bind_sources(address)}
    with contract.opened(wishes.only) as opened:
        wishes.progress(f"running {len(opened.cases)} cases against {address} (auth: {scheme})")
        results = opened.run(Facts(auth=scheme, managed=False), lambda: where, wishes)
    return Report(opened.idea, address, results)


def check_project(folder: Path, *, install: bool, wishes: Wishes) -> Report:
    """Install a generated project if needed, start it with throw-away services, and check it.

    Raises:
        ScaffoldError: not a generated project, or it does not install, migrate or start.
    """
    from generator.project import Project
    from generator.runtime.stack import Stack

    project = Project.load(folder)
    project.tell_version(wishes.progress)
    with Contract(project.idea).opened(wishes.only) as opened, Stack(project, progress=wishes.progress) as stack:
        if install:
            stack.install()
        stack.migrate()
        return check_host(opened, project.slug, project.auth, stack, wishes)


def check_host(opened: Opened, project: str, auth: str, host: Host, wishes: Wishes) -> Report:
    """Check a project that is installed, migrated and ready to be started.

    Args:
        project: its name, for the report.
        auth: its auth choice.
        host: starts and stops it.

    Raises:
        ScaffoldError: it does not start.
    """
    unavailable = {}
    if host.database is None:
        unavailable["database"] = "the project's database is a file, not a server"
    if host.cache is None:
        unavailable["cache"] = "the project's cache lives in its own process"
    if not readable(host.environment.get("DATABASE_URL", "")):
        unavailable["contents"] = "the project's database cannot be looked into"
    wishes.progress("starting the project")
    with _steward(host, opened.scratch) as (steward, control):
        wishes.progress(f"running {len(opened.cases)} cases")

        def where() -> dict[str, Any]:
            main = steward.restore()["main"]
            return {"auth": auth, **{key: main[key] for key in ("url", "public_url", "pid")}, **control}

        results = opened.run(Facts(auth=auth, managed=True, unavailable=unavailable), where, wishes)
    return Report(opened.idea, project, results)


@contextmanager
def _steward(host: Host, scratch: Path) -> Iterator[tuple[Steward, dict[str, str]]]:
    """A steward that takes calls, with the settings that cases need to reach it."""
    from generator.contract.control import Switchboard

    steward = Steward(host)
    try:
        address, key = str(scratch / "control"), secrets.token_hex(16)
        switchboard = Switchboard(address, key, steward.handlers())
        try:
            yield steward, {"control": address, "control_key": key}
        finally:
            switchboard.close()
    finally:
        steward.close()


@contextmanager
def _scratch() -> Iterator[Path]:
    """A private folder outside the project, gone afterwards. A socket in it may have a path of 104 characters."""
    base = tempfile.gettempdir()
    short = base if len(base) <= _LONGEST_BASE else "/tmp"
    with tempfile.TemporaryDirectory(prefix="scaffold-check-", dir=short, ignore_cleanup_errors=True) as name:
        yield Path(name)
