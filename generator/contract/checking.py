"""Checks a server or a project against the contract of its idea.

What forms the verdict is imported before anything of the project runs, which could change it on disk.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from generator.contract import Case
from generator.contract.applicability import Facts
from generator.contract.causes import Cause, Explainer
from generator.contract.hosting import Host
from generator.contract.lanes import Grounds, lanes_of_address
from generator.contract.mails import later_ones
from generator.contract.nursery import Collected, Nursery
from generator.contract.operations import Operations
from generator.contract.process import CaseProcess, CasesEnded
from generator.contract.report import FAILED, SKIPPED, Report
from generator.contract.rules import rule_files
from generator.contract.runner import Lane, Limits, Outcome, Progress, Run, contract_folders, select
from generator.contract.secrecy import keep_secrets
from generator.contract.serverlog import ServerLog
from generator.contract.sources import SourceFiles
from generator.contract.starvation import Gauge
from generator.errors import ScaffoldError
from generator.layers import read_yaml
from generator.services.contents import readable
from generator.services.mailbox import Mailbox

if TYPE_CHECKING:
    from generator.project import Project

_LONGEST_BASE = 70


@dataclass(frozen=True)
class Wishes:
    """What to check, and how.

    Attributes:
        only: glob patterns on case ids; all cases when empty.
        last_failed: only those that failed when they were last run.
        fail_fast: stop after the first case that fails.
        patient: also run the cases that wait for a minute or more.
        limits: how long cases may take.
        progress: told, in a few words each, what is going on.
        gauges: how to see that the machine is starved; by default as the system offers it.
    """

    only: Sequence[str] = ()
    last_failed: bool = False
    fail_fast: bool = False
    patient: bool = True
    limits: Limits = field(default_factory=Limits)
    progress: Progress = lambda line: None
    gauges: Sequence[Gauge] | None = None


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
        document = self.folders[0] / "openapi.yaml"
        traits = read_yaml(document).get("x-contract", {}) if document.is_file() else {}
        self.signup: str = traits.get("signup", "open")
        self.unavailable = (
            {"resource": "the idea has no items that users make"} if traits.get("success", 201) != 201 else {}
        )

    @contextmanager
    def opened(self, only: Sequence[str] = ()) -> Iterator[Opened]:
        """Its cases, collected and ready to be run; those that match a pattern if any is given.

        Raises:
            CatalogError: the contract is broken.
            ScaffoldError: no case matches, or the process that collects them was ended twice.
        """
        keep_secrets()
        with _scratch() as scratch, ExitStack() as resources:

            def nursery() -> Nursery:
                made = Nursery(scratch, self.folders)
                resources.callback(made.close)
                return made

            found = nursery()
            try:
                collected = found.collected()
            except CasesEnded:
                found = nursery()
                collected = found.collected()
            yield Opened(self, found.process, select(collected, only))


class Opened:
    """A contract whose cases are collected.

    Attributes:
        process: makes a process that waits for orders to run some of them.
    """

    def __init__(self, contract: Contract, process: Callable[[], CaseProcess], cases: list[Collected]) -> None:
        self.idea, self.cases, self.process = contract.idea, cases, process

    def run(self, facts: Facts, lanes: Callable[[Sequence[Case]], Sequence[Lane]], wishes: Wishes) -> Outcome:
        """Run the cases, see :class:`generator.contract.runner.Run`."""
        return Run(
            self.cases,
            facts,
            lanes,
            fail_fast=wishes.fail_fast,
            limits=wishes.limits,
            progress=wishes.progress,
            gauges=wishes.gauges,
        )()


def check_server(
    contract: Contract,
    url: str,
    *,
    public_url: str | None,
    auth: str | None,
    remote: bool,
    smtp_port: int | None = None,
    wishes: Wishes,
) -> Report:
    """Check a server that somebody else runs; what would start, stop or starve it is not run.

    Args:
        url: its address.
        public_url: what it builds its links on, if that differs.
        auth: its auth choice; found out when None.
        remote: whether it may be on another machine.
        smtp_port: where its mail is caught, on loopback.

    Raises:
        ScaffoldError: an address that cannot be used, nothing answers there, or mail cannot be caught that is needed.
    """
    from generator.contract.addresses import can_bind_sources
    from generator.contract.detection import detect_auth, plain_address

    address = plain_address(url, remote=remote)
    public = plain_address(public_url, remote=True) if public_url else address
    scheme = detect_auth(address, given=auth)
    where = {"url": address, "public_url": public, "auth": scheme, "bind_sources": can_bind_sources(address)}
    handlers: dict[str, Callable[..., Any]] = {}
    facts = Facts(
        auth=scheme,
        managed=False,
        unavailable=contract.unavailable,
        patient=wishes.patient,
        signup=contract.signup,
    )
    if contract.signup == "verified" and scheme != "none" and smtp_port is None:
        raise ScaffoldError(
            "Whoever signs up gets a mail, so that the mails must be seen",
            "Start the server with SMTP_URL=smtp://127.0.0.1:2525, and add --smtp-port 2525",
        )
    with contract.opened(wishes.only) as opened, ExitStack() as resources:
        if smtp_port is not None:
            mailbox = Mailbox(port=smtp_port)
            try:
                resources.enter_context(mailbox)
            except OSError as error:
                raise ScaffoldError(f"Port {smtp_port} cannot be had: {error.strerror}", "Choose another") from error
            where["mails"] = True
            handlers["mails"] = lambda known: later_ones(mailbox.mails, known)
        wishes.progress(f"running {len(opened.cases)} cases against {address} (auth: {scheme})")
        outcome = opened.run(facts, lambda cases: lanes_of_address(cases, opened.process, where, handlers), wishes)
    causes = _causes(contract, outcome)
    return Report(opened.idea, address, outcome.cases, causes, outcome.interrupted, outcome.lost)


def check_project(folder: Path, *, install: bool, wishes: Wishes) -> Report:
    """Install a generated project if needed, start it with throw-away services, and check it.

    Raises:
        ScaffoldError: not a generated project, or it does not install, migrate or start.
    """
    from generator.contract.remembered import keep_logs, last_failed, remember_failed
    from generator.project import Project
    from generator.runtime.stack import Stack

    project = Project.load(folder)
    project.tell_version(wishes.progress)
    contract = Contract(project.idea)
    only = last_failed(project) if wishes.last_failed else wishes.only
    with contract.opened(only) as opened, Stack(project, progress=wishes.progress) as first:
        if install:
            first.install()
        stacks, spare, lock = [first], [first], Lock()

        def host(resources: ExitStack) -> Host:
            with lock:
                stack = spare.pop() if spare else None
            if stack is None:
                stack = resources.enter_context(Stack(project, progress=wishes.progress))
                stacks.append(stack)
            stack.migrate()
            return stack

        def outputs() -> list[Path]:
            return [file for stack in stacks for file in sorted(stack.folder.glob("server-*.std*"))]

        wishes.progress("starting the project")
        with Grounds(host, project.auth) as grounds:

            def lanes(cases: Sequence[Case]) -> list[Lane]:
                made = grounds.lanes(cases, opened.process)
                wishes.progress(f"running {len(opened.cases)} cases")
                return made

            try:
                outcome = opened.run(facts_of(first, project, contract, patient=wishes.patient), lanes, wishes)
            finally:
                grounds.end_servers()  # what they have not written yet, they write now
                log = keep_logs(project, outputs())
            causes = _causes(contract, outcome, project, outputs())
    ran = [case.id for case in outcome.cases if case.outcome != SKIPPED]
    report = Report(opened.idea, project.slug, outcome.cases, causes, outcome.interrupted, outcome.lost, log)
    if not report.lost:
        remember_failed(project, report.failed, ran)
    return report


def _causes(
    contract: Contract, outcome: Outcome, project: Project | None = None, outputs: Sequence[Path] = ()
) -> tuple[Cause, ...]:
    """Why cases failed; with the project and its servers' outputs, where in it, too."""
    failed = [case for case in outcome.cases if case.outcome == FAILED]
    if not failed:
        return ()
    operations = Operations.of_folders(contract.folders)
    if project is None:
        return Explainer(operations).causes(failed)
    sources = SourceFiles(project.folder)
    explainer = Explainer(
        operations,
        ServerLog(outputs, sources),
        sources,
        rule_files(contract.folders, project.folder, (case.id for case in failed)),
    )
    return explainer.causes(failed)


def facts_of(host: Host, project: Project, contract: Contract, *, patient: bool) -> Facts:
    """What decides which cases apply to a project that the runner starts."""
    unavailable = dict(contract.unavailable)
    if host.database is None:
        unavailable["database"] = "the project's database is a file, not a server"
    if host.cache is None:
        inside = "the project's cache lives in its own process"
        unavailable["cache"] = inside if "cache" in project.choices else "the project has no cache"
    if not readable(host.environment.get("DATABASE_URL", "")):
        unavailable["contents"] = "the project's database cannot be looked into"
    return Facts(auth=project.auth, managed=True, unavailable=unavailable, patient=patient, signup=contract.signup)


@contextmanager
def _scratch() -> Iterator[Path]:
    """A private folder outside the project, gone afterwards. A socket in it may have a path of 104 characters."""
    base = tempfile.gettempdir()
    short = base if len(base) <= _LONGEST_BASE else "/tmp"
    with tempfile.TemporaryDirectory(prefix="scaffold-check-", dir=short, ignore_cleanup_errors=True) as name:
        yield Path(name)
