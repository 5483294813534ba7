"""``scaffold check``: the contract, as a checklist by feature, with a score."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from generator.cli.completion import auths, ideas
from generator.errors import EXIT_CHECK_FAILED, ScaffoldError

if TYPE_CHECKING:
    from generator.contract.checking import Wishes
    from generator.contract.report import Report


AUTO = "auto"
NAMED_CASES = 3


def check(
    directory: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="The project's folder.", show_default="here")
    ] = None,
    url: Annotated[
        str | None, typer.Option(help="Check the server running there, generated or not.", metavar="URL")
    ] = None,
    idea: Annotated[
        str | None,
        typer.Option(
            metavar="IDEA",
            help="With --url: the idea it implements; with --list: the one to list.",
            autocompletion=ideas,
        ),
    ] = None,
    auth: Annotated[
        str,
        typer.Option(
            help="With --url: how it signs users in, by a choice of auth.", metavar="ID", autocompletion=auths
        ),
    ] = AUTO,
    public_url: Annotated[
        str | None, typer.Option(help="With --url: its PUBLIC_URL, if that differs.", metavar="URL")
    ] = None,
    allow_remote: Annotated[bool, typer.Option(help="With --url: allow a server on another machine.")] = False,
    smtp_port: Annotated[
        int | None,
        typer.Option(help="With --url: catch its mail there, on 127.0.0.1.", metavar="PORT", min=1, max=65535),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a script.")] = False,
    junit: Annotated[Path | None, typer.Option(help="Also write JUnit XML there.", metavar="FILE")] = None,
    only: Annotated[
        list[str] | None, typer.Option(help="Only cases whose id matches, such as 'links.*'.", metavar="PATTERN")
    ] = None,
    last_failed: Annotated[
        bool, typer.Option("--last-failed", help="Only cases that failed when they were last run.")
    ] = False,
    list_only: Annotated[bool, typer.Option("--list", help="List the cases and run none.")] = False,
    install: Annotated[bool, typer.Option(help="Install the project's packages if needed.")] = True,
    waits: Annotated[
        bool, typer.Option("--waits/--no-waits", help="Also run the cases that wait for a minute or more.")
    ] = True,
    keep_going: Annotated[
        bool, typer.Option("--keep-going/--fail-fast", " /-x", help="Run on after a failure.")
    ] = True,
) -> None:
    """Run an idea's contract against a project, or against any server, and print a checklist with a score.

    Failures come last, by cause. Exit code 0: every case that was run passed. 1: one failed. 2: it could not be run.
    """
    if url is None and not list_only:
        given = auth != AUTO
        _refuse_without_url(
            {
                "--idea": idea,
                "--auth": given,
                "--public-url": public_url,
                "--allow-remote": allow_remote,
                "--smtp-port": smtp_port,
            }
        )
    if url is not None and directory is not None:
        raise ScaffoldError("A folder and --url do not go together", "Give one of them.")
    if url is not None and idea is None:
        raise ScaffoldError("--url needs --idea", "Add it, such as --idea url-shortener.")
    if last_failed and (url is not None or only or list_only):
        raise ScaffoldError(
            "--last-failed goes with a project's folder, and not with --url, --only or --list", "Leave one out."
        )
    if list_only:
        _list(directory, idea, only or [], as_json=as_json)
        return

    from generator.contract.checking import Contract, Wishes, check_project, check_server
    from generator.contract.failures import shown_as_printed
    from generator.contract.progress import progress

    show = _printer(as_json=as_json)
    if junit is not None:
        from generator.contract.junit import check_writable, write_junit

        check_writable(junit)
    with shown_as_printed(directory or Path()), progress() as tell:
        wishes: Wishes = Wishes(
            only=only or (), last_failed=last_failed, fail_fast=not keep_going, patient=waits, progress=tell
        )
        if url is not None and idea is not None:
            scheme = None if auth == AUTO else _known_auth(auth)
            report = check_server(
                Contract(idea),
                url,
                public_url=public_url,
                auth=scheme,
                remote=allow_remote,
                smtp_port=smtp_port,
                wishes=wishes,
            )
        else:
            report = check_project(directory or Path(), install=install, wishes=wishes)
    report = replace(report, again=_again(report, directory, url, idea))
    show(report)
    if junit is not None:
        write_junit(report, junit)
    if report.exit_code > EXIT_CHECK_FAILED:
        raise typer.Exit(report.exit_code)
    if report.points == (0, 0):
        raise ScaffoldError("No case that applies was selected, so nothing was checked", "Choose others with --only.")
    raise typer.Exit(report.exit_code)


def _again(report: Report, directory: Path | None, url: str | None, idea: str | None) -> str:
    """The command that runs just the failed cases."""
    if url is None:
        where = f" {shlex.quote(str(directory))}" if directory and directory != Path() else ""
        return f"scaffold check{where} --last-failed"
    if len(report.failed) > NAMED_CASES:
        return ""
    cases = "".join(f" --only {case}" for case in report.failed)
    return f"scaffold check --url {shlex.quote(url)} --idea {idea}{cases}"


def _known_auth(auth: str) -> str:
    from generator.catalog import Catalog

    return Catalog.load().options["auth"].choice(auth).id


def _printer(*, as_json: bool) -> Callable[[Report], None]:
    """What prints a report; loaded before anything of the project runs, which could change it on disk."""
    if as_json:
        import json

        return lambda report: typer.echo(json.dumps(report.to_json(), indent=2))
    from generator.cli.terminal import out
    from generator.contract.checklist import print_checklist

    return lambda report: print_checklist(report, out())


def _list(directory: Path | None, idea: str | None, only: list[str], *, as_json: bool) -> None:
    from generator.contract.checking import Contract

    if idea is None:
        from generator.project import MANIFEST, Project

        folder = directory or Path()
        if not (folder / MANIFEST).exists():
            raise ScaffoldError(f"{folder.absolute()} is not a generated project", "Name one, or an idea with --idea.")
        idea = Project.load(folder).idea
    with Contract(idea).opened(only) as opened:
        cases = opened.cases
    if as_json:
        import json

        rows = [
            {
                "id": one.case.id,
                "feature": one.case.feature,
                "points": one.case.points,
                "reason": one.case.reason,
                "needs": list(one.case.needs),
                "auth": list(one.case.auth),
                "waits": one.case.waits,
            }
            for one in cases
        ]
        typer.echo(json.dumps({"idea": idea, "cases": rows}, indent=2))
        return
    from generator.cli.terminal import out
    from generator.contract.checklist import print_cases

    print_cases(cases, out())


def _refuse_without_url(flags: dict[str, object]) -> None:
    for flag, value in flags.items():
        if value:
            raise ScaffoldError(f"{flag} goes with --url only", "Leave it out: a project's folder says the rest.")
