"""Everything one project needs to run for a proof: toolchain, throw-away services, environment."""

from __future__ import annotations

import itertools
import secrets
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from threading import Event

from generator.catalog import Catalog
from generator.errors import ScaffoldError
from generator.options import Choice
from generator.project import Project
from generator.runtime.commands import (
    COMMAND_SECONDS,
    NOTHING,
    install_project,
    must_run,
    run_command,
    tools_for,
)
from generator.runtime.environment import machine_environment, merged
from generator.runtime.server import Server, await_boot
from generator.runtime.settings import MAIL_SETTING, sends_mail
from generator.runtime.stand_in import stand_in
from generator.services import Service, ServicePool
from generator.services.folders import remove_folder, temporary_folder
from generator.services.mailbox import Mail, Mailbox
from generator.services.ports import HOST, free_port, is_free
from generator.services.process import Child, tail
from generator.services.tools import Progress, silent
from generator.services.waiting import until

BOOT_SECONDS = 30.0
BOOT_TRIES = 3


class Stack:
    """A project with its toolchain and throw-away services; a context manager.

    Attributes:
        project: the project.
        environment: the whole environment of its commands and servers.
        services: the throw-away servers by the option whose choice needs one, such as ``database``.
        folder: a temporary folder, removed at the end; holds SQLite files and outputs.
    """

    def __init__(self, project: Project, *, services: ServicePool | None = None, progress: Progress = silent) -> None:
        """Describe the stack; entering it starts the services.

        Args:
            project: what is to run.
            services: servers shared with other stacks, closed by their owner; its own by default.
            progress: told what takes long.
        """
        self.project = project
        self.environment: dict[str, str] = {}
        self.services: dict[str, Service] = {}
        self._progress = progress
        self._own = ServicePool(progress=progress) if services is None else None
        self._pool = services or self._own or ServicePool()
        catalog = Catalog.load()
        self._options, self._idea = catalog.options, catalog.idea(project.idea)
        self._resources = ExitStack()
        self._servers: list[Server] = []
        self._numbers = itertools.count(1)
        self._folder: Path | None = None
        self._mailbox = Mailbox()

    @property
    def folder(self) -> Path:
        """A temporary folder, removed at the end."""
        if self._folder is None:
            self._folder = temporary_folder(self.project.slug[:40])
        return self._folder

    @property
    def mails(self) -> Sequence[Mail]:
        """The mails that its servers have sent so far."""
        return self._mailbox.mails

    def __enter__(self) -> Stack:
        """Find the toolchain and start the services.

        Raises:
            ScaffoldError: one of them cannot be had.
        """
        try:
            tools = tools_for(self.project, self._progress)
            self.environment = {
                **machine_environment(),
                **tools,
                "APP_ENV": "test",
                "HOST": HOST,
                "PORT": "3000",
                "PUBLIC_URL": f"http://{HOST}:3000",
                "SECRET_KEY": secrets.token_urlsafe(48),
                "RATE_LIMIT": "0",
                "TRUSTED_PROXIES": "127.0.0.0/8",
                "LOG_LEVEL": "info",
            }
            for option, choice in self._chosen().items():
                if choice.server:
                    self.services[option] = self._pool.get(choice.server)
            self.environment.update(self.fresh_urls())
            self.environment.update(self._resources.enter_context(stand_in(self._idea)))
            if sends_mail(self.project.folder):
                self.environment[MAIL_SETTING] = self._resources.enter_context(self._mailbox).url
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """End the servers and, unless they are shared, the services; may be called twice."""
        while self._servers:
            self._servers.pop().kill()
        self._resources.close()
        if self._own:
            self._own.close()
        if self._folder:
            remove_folder(self._folder)
            self._folder = None

    def _chosen(self) -> dict[str, Choice]:
        """What is known of the project's choices, by option."""
        return {option: self._options[option].choice(choice) for option, choice in self.project.choices.items()}

    @property
    def database(self) -> Service | None:
        """The database's server; None where the choice needs none."""
        return self.services.get("database")

    @property
    def cache(self) -> Service | None:
        """The cache's server; None where the choice needs none."""
        return self.services.get("cache")

    def fresh_url(self, option: str) -> str:
        """The URL of something new and empty for the choice of an option, such as a database without tables.

        Args:
            option: such as ``database``.

        Raises:
            ScaffoldError: its choice has no URL, as a cache inside the process.
        """
        choice = self._chosen()[option]
        if option in self.services:
            return self.services[option].fresh_url()
        if not choice.file:
            raise ScaffoldError(f"There is no throw-away server for {choice.id}")
        return choice.file.format(path=self.folder / f"{next(self._numbers)}.db")

    def fresh_urls(self, *, tests: bool = False) -> dict[str, str]:
        """Settings with a fresh URL for every choice that has one.

        Args:
            tests: the settings that the project's own tests read, instead of those of its server.
        """
        urls: dict[str, str] = {}
        for option, choice in self._chosen().items():
            name = self._options[option].test_url if tests else self._options[option].url
            if name and (choice.server or choice.file):
                urls[name] = self.fresh_url(option)
        return urls

    def fresh_database(self) -> str:
        """The URL of a new, empty database of the project's choice, without tables.

        Raises:
            ScaffoldError: there is no such database here.
        """
        return self.fresh_url("database")

    def install(self) -> None:
        """Install the dependencies, unless that was done for the same manifest and lock files.

        Raises:
            ScaffoldError: it failed; the message has the line that says why.
        """
        install_project(self.project, environment=self.environment, progress=self._progress, keep=False)

    def run(
        self, command: str, env: Mapping[str, str | None] = NOTHING, timeout: float = COMMAND_SECONDS
    ) -> subprocess.CompletedProcess[str]:
        """Run one of the project's commands to its end, output captured; a failure is for the caller to judge.

        Args:
            command: its name, such as ``test``.
            env: variables over ``environment``; None takes one away.
            timeout: seconds.

        Raises:
            ScaffoldError: there is no such command or program, or it did not end in time.
        """
        return run_command(self.project, command, self.environment, env, timeout=timeout)

    def migrate(self, env: Mapping[str, str | None] = NOTHING) -> None:
        """Bring the database up to date.

        Args:
            env: variables over ``environment``, such as another ``DATABASE_URL``.

        Raises:
            ScaffoldError: it failed; the message has the line that says why.
        """
        must_run(self.project, "migrate", self.environment, env)

    def attempt(
        self,
        command: str,
        env: Mapping[str, str | None] = NOTHING,
        *,
        stop: Event | None = None,
        timeout: float = COMMAND_SECONDS,
    ) -> tuple[int, str]:
        """Run one of the project's commands, to its end or to a sudden one; its exit code and its output.

        Args:
            command: its name, such as ``migrate``.
            env: variables over ``environment``; None takes one away.
            stop: when this is set, it gets SIGKILL.
            timeout: seconds within which it must end by itself.

        Raises:
            ScaffoldError: there is no such command, it cannot be run, or it did not end in time.
        """
        log = self.folder / f"command-{next(self._numbers)}.log"
        try:
            child = Child(
                self.project.command(command),
                environment=merged(self.environment, env),
                folder=self.project.folder,
                stdout=log,
            )
        except OSError as error:
            raise ScaffoldError(f"The project's {command} command cannot be run: {error}") from error
        asked = stop or Event()
        ended = until(lambda: asked.is_set() or not child.running, timeout, pause=0.002)
        code = child.end(signal.SIGKILL) if child.running else child.wait()
        if not ended:
            said = " ".join(tail(log).split())[-300:]
            raise ScaffoldError(f"The project's {command} command did not end in {timeout:g} s: {said}")
        return code, log.read_text("utf-8", errors="replace")

    def boot(
        self, env: Mapping[str, str | None] = NOTHING, *, ready: bool = True, timeout: float = BOOT_SECONDS
    ) -> Server:
        """Start the server on a free port and wait until it answers ``/health`` (and ``/ready``).

        Args:
            env: variables over ``environment``; None takes one away.
            ready: wait for ``/ready``, too.
            timeout: seconds for each.

        Raises:
            BootError: it ended or did not answer; holds the server with its output and exit code.
        """
        for attempt in range(1, BOOT_TRIES + 1):
            server = self.launch(env)
            try:
                await_boot(server, ready=ready, timeout=timeout)
            except ScaffoldError:
                # Someone else may have taken the port between our look and the server's.
                if "PORT" in env or attempt == BOOT_TRIES or is_free(server.port):
                    raise
            else:
                return server
        raise AssertionError("unreachable")

    def launch(self, env: Mapping[str, str | None] = NOTHING) -> Server:
        """Start the server and wait for nothing, for instance to see it refuse its environment.

        Args:
            env: variables over ``environment``; None takes one away.

        Raises:
            ScaffoldError: its program cannot be run.
        """
        port = free_port()
        own = {"PORT": str(port), "PUBLIC_URL": f"http://{HOST}:{port}"}
        environment = merged(self.environment, own, env)
        name = f"server-{next(self._numbers)}"
        stdout, stderr = self.folder / f"{name}.stdout", self.folder / f"{name}.stderr"
        try:
            child = Child(
                self.project.command("start"),
                environment=environment,
                folder=self.project.folder,
                stdout=stdout,
                stderr=stderr,
            )
        except OSError as error:
            raise ScaffoldError(f"The project's start command cannot be run: {error}") from error
        given = environment.get("PORT", "")
        server = Server(
            child,
            host=environment.get("HOST") or HOST,
            port=int(given) if given.isdecimal() else port,
            public_url=environment.get("PUBLIC_URL", ""),
            stdout=stdout,
            stderr=stderr,
        )
        self._servers.append(server)
        return server
