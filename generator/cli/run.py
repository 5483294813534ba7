"""``scaffold run``: a project on this machine, with whatever it needs."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from generator.errors import EXIT_CHECK_FAILED, EXIT_OK

if TYPE_CHECKING:
    from generator.cli.live import Lines
    from generator.runtime.development import Development
    from generator.runtime.provision import Dependency
    from generator.runtime.readable import Readable
    from generator.runtime.relay import Relay
    from generator.runtime.server import Server
    from generator.services.mailbox import Mail

BOOT_SECONDS = 60.0
UNANSWERED_SECONDS = 15.0


def run(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="The project's folder.")] = Path(),
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port to listen on; else what .env says.")] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on; else what .env says.")] = None,
    reload: Annotated[
        bool | None,
        typer.Option(
            "--reload/--no-reload",
            help="Start the server again when a file changes.",
            show_default="reload, without --json",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object when it is ready, then silence.")] = False,
    install: Annotated[bool, typer.Option("--install/--no-install", help="Install the dependencies first.")] = True,
    seed: Annotated[bool, typer.Option("--seed", help="Load the example data.")] = False,
    offline: Annotated[
        bool, typer.Option("--offline", help="Play the service that it talks to, for work without a network.")
    ] = False,
) -> None:
    """Install, migrate and start a project; a missing database or cache server is provided on loopback."""
    from generator.cli.live import progress
    from generator.project import Project
    from generator.runtime.development import Development

    project = Project.load(directory)
    with progress() as lines:
        project.tell_version(lines)
        arrived = _mail_shower(lines)
        with Development(
            project, host=host, port=port, offline=offline, progress=lines, arrived=arrived
        ) as development:
            wanted = not as_json if reload is None else reload
            if wanted and not development.reloads:
                lines(f"{project.framework} has no reload here: after a change, end this and run it again")
            if install:
                development.install()
            development.provide_services()
            development.command("migrate", "Migrating the database")
            readable = _readable()
            if seed:
                said = development.command("seed", "Loading the example data")
                if not as_json:
                    told = [f"  {readable(one)}" for one in _told(said)]
                    lines.show("\n".join(["Example data", *told] if told else ["The example data is loaded"]))
            running = _Run(development, lines, reloads=wanted and development.reloads, seeded=seed)
            code = running.json() if as_json else running.people(readable)
    raise typer.Exit(code)


def _mail_shower(lines: Lines) -> Callable[[Mail], None]:
    """What prints a mail: to whom it goes, its subject, and its links, each on a line of its own."""

    def show(mail: Mail) -> None:
        head = "".join(filter(str.isprintable, f"mail to {', '.join(mail.to)}: {mail.subject}"))
        lines.show("\n".join([head, *(f"  {link}" for link in mail.links)]))

    return show


def _told(output: str) -> list[str]:
    """What a command said of itself: without empty lines, and without npm's echo of what it runs."""
    return [line for line in output.splitlines() if line.strip() and not line.startswith("> ")]


def _readable() -> Readable:
    import os
    import shutil
    import sys

    from generator.runtime.readable import Readable

    terminal = sys.stdout.isatty()
    colours = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Readable(colours=colours, width=shutil.get_terminal_size().columns if terminal else None)


class _Run:
    """The server's time: from its start to its end."""

    def __init__(self, development: Development, lines: Lines, *, reloads: bool, seeded: bool) -> None:
        self._development = development
        self._lines = lines
        self._reloads = reloads
        self._seeded = seeded

    def json(self) -> int:
        """Run it for a program: one object when it is there, its output in a file."""
        import json

        def announce(server: Server) -> None:
            facts: dict[str, object] = {"url": server.url, "publicUrl": server.public_url, "pid": server.pid}
            needed = self._development.dependencies
            facts.update((option, dependency.as_json()) for option, dependency in needed.items())
            if self._development.stand_in:
                facts["standIn"] = self._development.stand_in
            print(json.dumps(facts), flush=True)

        return self._serve(None, announce)

    def people(self, readable: Readable) -> int:
        """Run it for a person: its output in short lines, and who ends unasked is announced."""
        import sys

        from generator.cli.folding import folded
        from generator.runtime.development import LOG
        from generator.runtime.monitor import Monitor
        from generator.runtime.relay import Relay

        relay = Relay(self._development.project.make_state() / LOG, self._lines.show, readable)
        development = self._development
        others = {name: it.url for name, it in development.dependencies.items() if it.url and not it.provided}

        def show(sentence: str) -> None:
            self._lines.show(folded(sentence, sys.stdout))

        with Monitor(development.services, others, show):
            return self._serve(relay, self._announce)

    def _serve(self, relay: Relay | None, announce: Callable[[Server], None]) -> int:
        """Start the server, say so, and wait for its end.

        Returns:
            0 if it ended well, by itself or asked by SIGTERM or SIGHUP; 1 if it crashed. Ctrl-C goes on to the caller.
        """
        from generator.runtime.server import BootError

        server = None
        try:
            with _terminable():
                server = self._development.start(reload=self._reloads, relay=relay)
                self._await(server)
                announce(server)
                code = server.wait()
        except BootError as error:
            if relay:
                relay.close()
            typer.echo(f"scaffold: {error}", err=True)
            return EXIT_CHECK_FAILED
        except _Terminated:
            self._development.close()
            # A command that reloads ends with the code of whatever it was told to end.
            code = (server.exit_code or 0) if server and not self._reloads else 0
        if code:
            if relay:
                relay.close()
            where = f"; its output is in {server.stdout}" if server and server.stdout else ""
            typer.echo(f"scaffold: the server ended with exit code {code}{where}", err=True)
            return EXIT_CHECK_FAILED
        return EXIT_OK

    def _await(self, server: Server) -> None:
        """Wait until it answers; one that reloads may first have to be mended, which takes as long as it takes.

        Raises:
            BootError: it ended, or cannot reload and does not answer.
        """
        import time

        from generator.runtime.server import BootError, await_boot
        from generator.services.patience import Ticker

        if not self._reloads:
            await_boot(server, ready=False, timeout=BOOT_SECONDS)
            return
        began, ticker, told = time.monotonic(), Ticker(self._lines, "Starting the server"), False
        while not server.await_status("/health", 0.3):
            if not server.running:
                what = f"The project's server ended with exit code {server.exit_code}: its output is above"
                raise BootError(what, server, ended=True)
            if time.monotonic() - began < UNANSWERED_SECONDS:
                ticker()
            elif not told:
                told = True
                self._lines(f"Nothing answers on {server.url} yet. If it failed, see above: a change starts it again")

    def _announce(self, server: Server) -> None:
        """Say where it runs and on what."""
        import sys

        from generator.cli.folding import folded
        from generator.runtime.development import LOG
        from generator.runtime.example import CREDENTIALS, example_request

        project, taken = self._development.project, self._development.taken_port
        ends = "Ctrl-C ends it" + (", a change restarts it" if self._reloads else "")
        port = f"; port {taken} is taken" if taken else ""
        rows: list[tuple[str, str]] = []
        if server.status("/docs") == 200:
            rows.append(("docs", f"{server.url}/docs"))
        if project.auth != "none":
            made = "in the example data" if self._seeded else "--seed makes it, or the request below"
            rows.append(("account", f"{' / '.join(CREDENTIALS.values())} ({made})"))
        for option, dependency in self._development.dependencies.items():
            rows += _rows(option, dependency, self._development)
        if self._development.stand_in:
            rows.append(("offline", f"a stand-in answers for {self._development.stands_in_for}"))
        if self._development.catches_mail:
            rows.append(("mail", "is caught; its links are shown here"))
        rows.append(("log", str((project.state / LOG).relative_to(project.folder))))
        rows.append(("try", example_request(project, server.url, seeded=self._seeded)))
        block = [
            folded(f"{project.slug} runs on {server.url} ({ends}{port})", sys.stdout),
            *(_row(name, what) for name, what in rows),
        ]
        self._lines.show("\n".join(["", *block, ""]))


def _rows(option: str, dependency: Dependency, development: Development) -> list[tuple[str, str]]:
    """What is said of a database or cache: what it is, its address, how to open it."""
    import shlex

    from generator.runtime.clients import client_of

    what = dependency.source if dependency.provided else f"{dependency.choice}: {dependency.source}"
    rows = [(option, what)]
    if dependency.url:
        rows.append(("", dependency.url))
        client = client_of(dependency.url, development.path_of_clients())
        folder = (
            "" if development.project.folder == Path.cwd() else f"{shlex.quote(_short(development.project.folder))} "
        )
        if client:
            rows.append(("", f"scaffold exec {folder}-- {client}   opens it"))
    return rows


def _row(name: str, what: str) -> str:
    """A line of the block; what is to be typed or copied is left in one piece, however narrow the terminal."""
    import sys

    from generator.cli.folding import folded

    line = f"  {name:<8}  {what}"
    return folded(line, sys.stdout, 10) if name in {"", "account", "database", "cache", "offline", "mail"} else line


def _short(folder: Path) -> str:
    """A folder as one would type it from here."""
    here = Path.cwd()
    return str(folder.relative_to(here)) if folder.is_relative_to(here) else str(folder)


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
