"""``scaffold run``: a project on this machine, with whatever it needs."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from generator.errors import EXIT_CHECK_FAILED, EXIT_OK

if TYPE_CHECKING:
    from generator.runtime.development import Development
    from generator.runtime.server import Server


def run(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="The project's folder.")] = Path(),
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port to listen on; else what .env says.")] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on; else what .env says.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object when it is ready, then silence.")] = False,
    install: Annotated[bool, typer.Option("--install/--no-install", help="Install the dependencies first.")] = True,
    seed: Annotated[bool, typer.Option("--seed", help="Load the example data.")] = False,
) -> None:
    """Install, migrate and start a project; a missing database or cache server is provided on loopback."""
    from generator.cli.terminal import progress
    from generator.project import Project
    from generator.runtime.development import Development

    project = Project.load(directory)
    project.tell_version(progress)
    with Development(project, host=host, port=port, progress=progress) as development:
        if install:
            development.install()
        development.provide_services()
        development.command("migrate")
        if seed:
            development.command("seed")
        code = _serve(development, as_json, seed)
    raise typer.Exit(code)


def _serve(development: Development, as_json: bool, seeded: bool) -> int:
    """Start the server, say so, and wait for its end.

    Returns:
        0 if it ended well, by itself or asked by SIGTERM or SIGHUP; 1 if it crashed. Ctrl-C goes on to the caller.
    """
    from generator.runtime.server import BootError

    server = None
    try:
        with _terminable():
            server = development.start(quiet=as_json)
            _announce(development, server, as_json, seeded)
            code = server.wait()
    except BootError as error:
        typer.echo(f"scaffold: {error}", err=True)
        return EXIT_CHECK_FAILED
    except _Terminated:
        development.close()
        code = (server.exit_code or 0) if server else 0
    if code:
        where = f"; its output is in {server.stdout}" if server and server.stdout else ""
        typer.echo(f"scaffold: the server ended with exit code {code}{where}", err=True)
        return EXIT_CHECK_FAILED
    return EXIT_OK


def _announce(development: Development, server: Server, as_json: bool, seeded: bool) -> None:
    """Say where it runs and on what."""
    import json

    from generator.runtime.example import example_request

    needed = development.dependencies
    if as_json:
        facts: dict[str, object] = {"url": server.url, "publicUrl": server.public_url, "pid": server.pid}
        facts.update((option, dependency.as_json()) for option, dependency in needed.items())
        print(json.dumps(facts), flush=True)
        return
    lines = [
        "",
        f"{development.project.slug} runs on {server.url} (Ctrl-C ends it)",
        *(f"  {option:<8}  {dependency.choice}: {dependency.source}" for option, dependency in needed.items()),
        f"  try       {example_request(development.project, server.url, seeded=seeded)}",
        "",
    ]
    print("\n".join(lines), flush=True)


class _Terminated(Exception):
    """SIGTERM or SIGHUP came."""


@contextmanager
def _terminable() -> Iterator[None]:
    """Let SIGTERM and SIGHUP raise, so that whatever runs is ended in order."""

    def terminate(number: int, frame: FrameType | None) -> None:
        raise _Terminated

    before = {number: signal.signal(number, terminate) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
