"""A project running on a learner's machine: what is missing is provided, and what they enter is kept."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from generator.catalog import Catalog
from generator.errors import ScaffoldError
from generator.git import uncommitted
from generator.options import Choice, Option
from generator.project import Project
from generator.runtime.commands import install_project, must_run, tools_for
from generator.runtime.environment import user_environment
from generator.runtime.install import LOCKS
from generator.runtime.server import Server, await_boot
from generator.runtime.settings import adapted_public_url, make_settings, reachable, read_settings
from generator.services import provide
from generator.services.folders import cache_folder, held, open_to_all
from generator.services.ports import HOST, free_port, listen_error
from generator.services.process import Child
from generator.services.tools import Progress, silent

DEFAULT_PORT = 3000
BOOT_SECONDS = 60.0
DATABASE_NAME = "app"
ANY_ADDRESS = {"0.0.0.0": HOST, "::": "[::1]", "::1": "[::1]"}


@dataclass(frozen=True)
class Dependency:
    """A database or cache as this run uses it.

    Attributes:
        choice: its choice, such as ``postgresql``.
        url: its URL; None for what is inside the process.
        runs_on: what it really is; None if it is not ours.
        provided: whether we started it.
        source: where it comes from and where its data are, for people.
    """

    choice: str
    url: str | None
    runs_on: str | None
    provided: bool
    source: str

    def as_json(self) -> dict[str, object]:
        """What ``--json`` prints."""
        return {"choice": self.choice, "url": self.url, "provided": self.provided, "runsOn": self.runs_on}


class Development:
    """A project in development mode; a context manager that ends everything it started."""

    def __init__(
        self, project: Project, *, host: str | None = None, port: int | None = None, progress: Progress = silent
    ) -> None:
        """Read the settings.

        Args:
            project: what is to run.
            host: the address to listen on; by default what the settings say.
            port: the port to listen on; by default what the settings say, or another if that is taken.
            progress: told what takes long, and where data are kept.

        Raises:
            ScaffoldError: the settings cannot be read, or the port is taken.
        """
        self.project = project
        self._progress = progress
        self._resources = ExitStack()
        if make_settings(project.folder):
            progress("Made .env from .env.example, with a secret of its own")
        self._settings = read_settings(project.folder / ".env")
        self.host = host or self._setting("HOST") or HOST
        self._asked_port = port
        self.port = self._choose_port(listen_error)
        self.environment: dict[str, str] = {}
        self.dependencies: dict[str, Dependency] = {}

    def _setting(self, name: str) -> str | None:
        """A setting: the real environment wins over ``.env``."""
        return os.environ.get(name) or self._settings.get(name)

    def _choose_port(self, why_not: Callable[[int, str], OSError | None]) -> int:
        """The port asked for, or the settings' own, or if that one is taken another."""
        asked = self._asked_port
        text = str(asked) if asked is not None else self._setting("PORT") or str(DEFAULT_PORT)
        if not text.isascii() or not text.isdecimal() or not 0 < int(text) < 65_536:
            raise ScaffoldError(f"PORT is {text!r}", "Set it to a number from 1 to 65535 in .env, or use --port")
        port = int(text)
        error = why_not(port, self.host)
        if error is None:
            return port
        if error.errno != errno.EADDRINUSE:
            raise ScaffoldError(
                f"Nothing can listen on port {port} of {self.host}: {error.strerror}",
                "Choose others with --host and --port",
            )
        if asked is not None:
            raise ScaffoldError(f"Port {port} of {self.host} is taken", "Choose another with --port, or leave it out")
        port = free_port()
        self._progress(f"Port {text} is taken, so this runs on {port}")
        return port

    def __enter__(self) -> Development:
        """Find the toolchain.

        Raises:
            ScaffoldError: a program is missing and cannot be provided.
        """
        tools = tools_for(self.project, self._progress)
        self.environment = {
            **user_environment(),
            **tools,
            "APP_ENV": os.environ.get("APP_ENV") or "development",
            "HOST": self.host,
        }
        self._use_port(self.port)
        return self

    def _claim(self, port: int, host: str) -> OSError | None:
        """Why the port cannot be ours; None if from now on it is, as long as this runs.

        Of two runs begun at the same moment both find the port free, and the second would take the first one's
        answers for its own server's: so among runs a lock decides.
        """
        error = listen_error(port, host)
        if error is None:
            locks = cache_folder() / "ports"
            locks.mkdir(exist_ok=True)
            if not self._resources.enter_context(held(locks / f"{port}.lock")):
                return OSError(errno.EADDRINUSE, "another run has it")
        return error

    def _use_port(self, port: int) -> None:
        self.port = port
        self.environment["PORT"] = str(port)
        if not os.environ.get("PUBLIC_URL"):
            self.environment.pop("PUBLIC_URL", None)
            if url := adapted_public_url(self._settings, ANY_ADDRESS.get(self.host, self.host), port):
                self.environment["PUBLIC_URL"] = url

    def __exit__(self, *_: object) -> None:
        """End everything."""
        self.close()

    def close(self) -> None:
        """End the server and what was provided; may be called twice."""
        self._resources.close()

    def install(self) -> None:
        """Install the dependencies, unless nothing has changed since the last time.

        Raises:
            ScaffoldError: it failed; the message has the line that says why.
        """
        if install_project(self.project, environment=self.environment, progress=self._progress):
            for lock in uncommitted(self.project.folder, LOCKS):
                self._progress(f"Commit {lock}, so that every clone installs the same versions")

    def command(self, name: str) -> None:
        """Run one of the project's commands.

        Args:
            name: such as ``migrate``.

        Raises:
            ScaffoldError: it failed; the message has the line that says why.
        """
        must_run(self.project, name, self.environment)

    def provide_services(self) -> None:
        """See what is there of what the choices need, and start what is not.

        Raises:
            ScaffoldError: a server cannot be had or started.
        """
        options = Catalog.load().options
        for option, choice in self.project.choices.items():
            if options[option].url:
                self.dependencies[option] = self._dependency(options[option], options[option].choice(choice))

    def _dependency(self, option: Option, chosen: Choice) -> Dependency:
        variable, choice = option.url, chosen.id
        given, written = os.environ.get(variable), self._settings.get(variable)
        if given:
            return Dependency(choice, given, None, False, f"{variable} of your environment")
        if not chosen.server:
            return Dependency(choice, written, None, False, f"{variable} in .env" if written else "inside the server")
        if written and reachable(written):
            return Dependency(choice, written, None, False, f"{variable} in .env, which answers")
        folder = self._own_data_folder(chosen.server) if option.keep else None
        service = self._resources.enter_context(provide(chosen.server, progress=self._progress, folder=folder))
        url = service.url(DATABASE_NAME)
        self.environment[variable] = url
        kept = f"data are kept in {self._shown(folder)}" if folder else "its data go with it"
        source = f"{service.runs_on} on port {service.port}, for as long as this runs; {kept}"
        return Dependency(choice, url, service.runs_on, True, source)

    def _own_data_folder(self, choice: str) -> Path:
        """The folder of a provided database's data, ours alone for as long as this runs."""
        lock = self.project.make_state() / f".{choice}.lock"
        if not self._resources.enter_context(held(lock)):
            raise ScaffoldError(
                f"{self.project.slug} is running already, and its {choice} server with it",
                "End the other 'scaffold run', or set DATABASE_URL to another database",
            )
        return self._data_folder(choice)

    def _shown(self, folder: Path) -> str:
        within = folder.is_relative_to(self.project.folder)
        return str(folder.relative_to(self.project.folder) if within else folder)

    def _data_folder(self, choice: str) -> Path:
        """Where a provided database keeps its data: in the project, if its server can get there."""
        from generator.services.postgresql import MAJOR

        name = f"{choice}-{MAJOR}" if choice == "postgresql" else choice
        state = self.project.make_state()
        if choice == "postgresql" and os.geteuid() == 0 and not open_to_all(state):
            # Root's PostgreSQL runs as another account, which cannot enter, say, /root.
            key = hashlib.sha256(str(self.project.folder.resolve()).encode()).hexdigest()[:12]
            return Path("/var/lib/scaffold") / f"{self.project.slug[:40]}-{key}" / name
        return state / name

    def start(self, *, quiet: bool = False) -> Server:
        """Start the server and wait for it.

        Args:
            quiet: its output goes to ``.scaffold/server.log`` instead of ours.

        Raises:
            ScaffoldError: it ended, or did not answer in time.
        """
        # Only now: installing takes a while, in which another program may have taken a port that was free.
        self._use_port(self._choose_port(self._claim))
        log = self.project.make_state() / "server.log" if quiet else None
        if log:
            log.unlink(missing_ok=True)
        try:
            child = Child(
                self.project.command("start"),
                environment=self.environment,
                folder=self.project.folder,
                stdout=log,
                stderr=log,
            )
        except OSError as error:
            raise ScaffoldError(f"The project's start command cannot be run: {error}") from error
        public_url = self.environment.get("PUBLIC_URL") or self._settings.get("PUBLIC_URL", "")
        server = Server(child, host=self.host, port=self.port, public_url=public_url, stdout=log)
        self._resources.callback(server.close)
        await_boot(server, ready=False, timeout=BOOT_SECONDS)
        return server
