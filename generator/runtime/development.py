"""A project running on a learner's machine: what is missing is provided, and what they enter is kept."""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack

from generator.catalog import Catalog
from generator.errors import ScaffoldError
from generator.git import uncommitted
from generator.project import Project
from generator.runtime import rebuild
from generator.runtime.commands import install_project, must_run, tools_for
from generator.runtime.environment import user_environment
from generator.runtime.install import LOCKS, sources_of
from generator.runtime.provision import Dependency, Provision, client_folders
from generator.runtime.relay import Relay
from generator.runtime.server import Server
from generator.runtime.settings import MAIL_SETTING, adapted_public_url, make_settings, read_settings, sends_mail
from generator.runtime.stand_in import stand_in
from generator.services import Service
from generator.services.folders import cache_folder, held
from generator.services.mailbox import MAILS, Mail, Mailbox
from generator.services.patience import Ticker
from generator.services.ports import HOST, free_port, listen_error
from generator.services.process import Child
from generator.services.tools import Progress, silent

DEFAULT_PORT = 3000
ANY_ADDRESS = {"0.0.0.0": HOST, "::": "[::1]", "::1": "[::1]"}
LOG = "server.log"
RELOAD, COMPILE = "dev", "compile"


class Development:
    """A project in development mode; a context manager that ends everything it started.

    Attributes:
        project: the project.
        host: the address that its server listens on.
        port: its port.
        taken_port: the port that it should have had, if another program has that.
        environment: the whole environment of its commands and its server.
        stand_in: the settings that lead to a stand-in of the service that it talks to; none unless ``offline``.
        stands_in_for: what the stand-in plays, in a few words.
        catches_mail: whether its mails stay here, since the settings name no mail server.
    """

    def __init__(
        self,
        project: Project,
        *,
        host: str | None = None,
        port: int | None = None,
        offline: bool = False,
        progress: Progress = silent,
        arrived: Callable[[Mail], None] = lambda mail: None,
    ) -> None:
        """Read the settings.

        Args:
            project: what is to run.
            host: the address to listen on; by default what the settings say.
            port: the port to listen on; by default what the settings say, or another if that is taken.
            offline: have a stand-in answer for the service that the project talks to.
            progress: told what takes long, and where data are kept.
            arrived: called with each mail that the server sends, unless the settings name a mail server.

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
        self.taken_port: int | None = None
        self._other_port = 0
        self.port = self._choose_port(listen_error)
        self.environment: dict[str, str] = {}
        self._offline = offline
        self.stand_in: dict[str, str] = {}
        self.stands_in_for = ""
        self.catches_mail = False
        self._arrived = arrived
        self._provision = Provision(project, self._settings, self._resources, progress=progress)

    def _setting(self, name: str) -> str | None:
        """A setting: the real environment wins over ``.env``."""
        return os.environ.get(name) or self._settings.get(name)

    def _choose_port(self, why_not: Callable[[int, str], OSError | None]) -> int:
        """The port asked for, or the settings' own, or if that one is taken another."""
        asked, self.taken_port = self._asked_port, None
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
        self.taken_port = port
        # Seeds may have printed addresses with the port that was chosen first.
        keep = self._other_port and why_not(self._other_port, self.host) is None
        self._other_port = self._other_port if keep else free_port()
        return self._other_port

    def __enter__(self) -> Development:
        """Find the toolchain.

        Raises:
            ScaffoldError: a program is missing and cannot be provided.
        """
        tools = tools_for(self.project, self._progress)
        self.environment = {
            "PYTHONUNBUFFERED": "1",  # or what a learner prints appears when a buffer is full
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

    def command(self, name: str, what: str) -> str:
        """Run one of the project's commands.

        Args:
            name: such as ``migrate``.
            what: told when it takes long, such as ``Migrating``.

        Returns:
            What it wrote to its standard output.

        Raises:
            ScaffoldError: it failed; the message has the line that says why.
        """
        return must_run(self.project, name, self.environment, tick=Ticker(self._progress, what))

    def provide_services(self) -> None:
        """See what is there of what the choices need, and start what is not.

        Raises:
            ScaffoldError: a server cannot be had or started.
        """
        self._provision.provide()
        self.environment.update(self._provision.environment)
        if self._offline:
            idea = Catalog.load().idea(self.project.idea)
            self.stand_in = self._resources.enter_context(stand_in(idea))
            self.environment.update(self.stand_in)
            if idea.stand_in:
                self.stands_in_for = idea.stand_in.about
            else:
                self._progress(f"{self.project.slug} talks to no other service, so --offline changes nothing")
        if sends_mail(self.project.folder) and not self._setting(MAIL_SETTING):
            mailbox = Mailbox(self.project.make_state() / MAILS, arrived=self._arrived)
            self.environment[MAIL_SETTING] = self._resources.enter_context(mailbox).url
            self.catches_mail = True

    @property
    def dependencies(self) -> dict[str, Dependency]:
        """What the choices need, by option."""
        return self._provision.dependencies

    @property
    def services(self) -> dict[str, Service]:
        """The servers that were started for it, by option."""
        return self._provision.services

    def path_of_clients(self) -> str:
        """Where 'scaffold exec' finds clients of what was provided."""
        folders = client_folders(self.project) if self.services else []
        return os.pathsep.join([self.environment["PATH"], *map(str, folders)])

    @property
    def reloads(self) -> bool:
        """Whether this framework has a command that starts the server again when a file changes."""
        return RELOAD in self.project.commands()

    def _reloading(self) -> Sequence[str]:
        """The command that restarts the server on a change: the framework's, or ours where it has to compile first."""
        build = self.project.commands().get(COMPILE)
        start = self.project.command(RELOAD)
        if not build:
            return start
        plan = {"build": build, "start": start, "sources": sources_of(self.project.folder)}
        return [sys.executable, "-I", "-S", rebuild.__file__, json.dumps(plan)]

    def start(self, *, reload: bool = False, relay: Relay | None = None) -> Server:
        """Start the server, and wait for nothing.

        Args:
            reload: by the command that starts it again when a file changes.
            relay: takes its output; without one it goes to ``.scaffold/server.log`` alone.

        Raises:
            ScaffoldError: its program cannot be run.
        """
        # Only now: installing takes a while, in which another program may have taken a port that was free.
        self._use_port(self._choose_port(self._claim))
        log = self.project.make_state() / LOG
        if relay is None:
            log.unlink(missing_ok=True)
        output = log if relay is None else relay.end
        try:
            child = Child(
                self._reloading() if reload else self.project.command("start"),
                environment=self.environment,
                folder=self.project.folder,
                stdout=output,
                stderr=output,
            )
        except OSError as error:
            raise ScaffoldError(f"The project's start command cannot be run: {error}") from error
        finally:
            if relay:
                relay.begin()
        public_url = self.environment.get("PUBLIC_URL") or self._settings.get("PUBLIC_URL", "")
        server = Server(child, host=self.host, port=self.port, public_url=public_url, stdout=None if relay else log)
        if relay:
            server.probes = relay
            self._resources.callback(relay.close)  # when the server has ended, and its last lines are there
        self._resources.callback(server.close)
        return server
