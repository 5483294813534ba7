"""Checks a server or a project against the contract of its idea."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from generator.contract.applicability import Facts
from generator.contract.hosting import Host
from generator.contract.report import Report
from generator.contract.runner import Collected, Limits, Progress, Run, collect, contract_folders, select
from generator.contract.steward import Steward
from generator.errors import ScaffoldError


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
        CatalogError: its contract is broken.
    """

    def __init__(self, idea: str) -> None:
        from generator.catalog import Catalog

        catalog = Catalog.load()
        self.idea = catalog.idea(idea).id
        self.folders = contract_folders(catalog.idea(idea).path, catalog.shared / "shared")

    def cases(self, only: Sequence[str] = ()) -> list[Collected]:
        """Its cases, in order; those that match a pattern if any is given."""
        with _scratch() as scratch:
            return select(collect(self.folders, scratch), only)


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
    with _scratch() as scratch:
        collected = select(collect(contract.folders, scratch), wishes.only)
        wishes.progress(f"running {len(collected)} cases against {address} (auth: {scheme})")
        settings = {
            "folders": tuple(map(str, contract.folders)),
            "url": address,
            "public_url": public,
            "auth": scheme,
            "bind_sources": can_bind_sources(address),
        }
        run = Run(
            collected,
            Facts(auth=scheme, managed=False),
            settings,
            scratch,
            fail_fast=wishes.fail_fast,
            limits=wishes.limits,
            progress=wishes.progress,
        )
        return Report(contract.idea, address, run())


def check_host(contract: Contract, project: str, auth: str, host: Host, wishes: Wishes) -> Report:
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
    with _scratch() as scratch:
        collected = select(collect(contract.folders, scratch), wishes.only)
        wishes.progress("starting the project")
        with _steward(host, scratch) as (steward, control):
            wishes.progress(f"running {len(collected)} cases")

            def refresh() -> dict[str, str]:
                main = steward.restore()["main"]
                return {"url": main["url"], "public_url": main["public_url"]}

            run = Run(
                collected,
                Facts(auth=auth, managed=True, unavailable=unavailable),
                {"folders": tuple(map(str, contract.folders)), "auth": auth, **control},
                scratch,
                refresh=refresh,
                fail_fast=wishes.fail_fast,
                limits=wishes.limits,
                progress=wishes.progress,
            )
            return Report(contract.idea, project, run())


def check_project(folder: Path, *, install: bool, wishes: Wishes) -> Report:
    """Install a generated project if needed, start it with throw-away services, and check it.

    Raises:
        ScaffoldError: not a generated project, or it does not install, migrate or start.
    """
    from generator.project import Project
    from generator.runtime.stack import Stack

    project = Project.load(folder)
    contract = Contract(project.idea)
    with Stack(project, progress=wishes.progress) as running:
        if install:
            running.install()
        running.migrate()
        return check_host(contract, project.slug, project.auth, running, wishes)


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
    """A private folder outside the project, gone afterwards. Short, since a socket's path may have 104 characters."""
    with tempfile.TemporaryDirectory(prefix="scaffold-check-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if len(name) > 80:
            raise ScaffoldError(f"The temporary folder's path {name} is too long", "Set TMPDIR to a shorter one.")
        yield folder
