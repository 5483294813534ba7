"""Database and cache servers for a project on a learner's machine: what is missing is provided, and data are kept."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from generator.catalog import Catalog
from generator.errors import ScaffoldError
from generator.options import Choice, Option
from generator.project import Project
from generator.runtime.settings import is_default, port_of, reachable, read_settings
from generator.services import Service, provide
from generator.services.folders import held, open_to_all
from generator.services.tools import Progress, silent
from generator.services.waiting import until

DATABASE_NAME = "app"
TEST_NAME = "app_test"
TEST_KEY_SPACE = "/15"  # of Redis, whose databases have numbers
# Without the ending .json: the project's own formatter looks at every file that has one.
RECORD, LOCK = "servers", ".servers.lock"
RECORD_SECONDS = 30.0


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


class Provision:
    """Finds what a project's choices need, and starts what is missing.

    Attributes:
        dependencies: what was found, by option.
        environment: the settings that differ from what ``.env`` says.
        services: the servers that were started, by option.
    """

    def __init__(
        self,
        project: Project,
        settings: dict[str, str],
        resources: ExitStack,
        *,
        share: bool = False,
        progress: Progress = silent,
    ) -> None:
        """Remember what it is for.

        Args:
            project: whose choices.
            settings: what its ``.env`` says.
            resources: ends what is started.
            share: use the servers of another command that runs for this project, if there is one.
            progress: told what takes long.
        """
        self.project = project
        self.dependencies: dict[str, Dependency] = {}
        self.environment: dict[str, str] = {}
        self.services: dict[str, Service] = {}
        self._settings = settings
        self._resources = resources
        self._share = share
        self._progress = progress

    def provide(self) -> None:
        """See what is there of what the choices need, and start what is not.

        Raises:
            ScaffoldError: a server cannot be had or started.
        """
        options = Catalog.load().options
        needed = {
            option: (options[option], options[option].choice(choice))
            for option, choice in self.project.choices.items()
            if options[option].url
        }
        first, recorded = False, dict[str, str]()
        if any(chosen.server for _, chosen in needed.values()):
            first = self._resources.enter_context(held(self.project.make_state() / LOCK))
            if first:
                (self.project.state / RECORD).unlink(missing_ok=True)  # of one that was killed
            elif self._share:
                recorded = self._recorded()
        for option, (asked, chosen) in needed.items():
            self.dependencies[option] = self._dependency(asked, chosen, recorded)
        if first:
            self._record()

    def _dependency(self, option: Option, chosen: Choice, recorded: dict[str, str]) -> Dependency:
        variable, choice = option.url, chosen.id
        given, written = os.environ.get(variable), self._settings.get(variable)
        if given:
            return Dependency(choice, given, None, False, f"{variable} of your environment")
        if not chosen.server:
            return Dependency(choice, written, None, False, f"{variable} in .env" if written else "inside the server")
        if written and not self._is_default(variable, written):
            if reachable(written):
                return Dependency(choice, written, None, False, f"{variable} in .env, which answers")
            self._progress(f"Nothing answers at {variable} in .env, so {choice} is provided")
        elif written and reachable(written):
            self._progress(
                f"The server on port {port_of(written)} is not known to be this project's, so {choice} is provided. "
                f"To use that one: {variable}='{written}' scaffold run"
            )
        if variable in recorded:
            self.environment[variable] = recorded[variable]
            return Dependency(choice, recorded[variable], None, False, "shared with the 'scaffold run' that goes on")
        return self._start(option, chosen)

    def _start(self, option: Option, chosen: Choice) -> Dependency:
        """Start a server of our own."""
        folder = self._own_data_folder(chosen.server) if option.keep else None
        service = self._resources.enter_context(provide(chosen.server, progress=self._progress, folder=folder))
        self.services[option.id] = service
        url = service.url(DATABASE_NAME)
        self.environment[option.url] = url
        kept = f"data kept in {self._shown(folder)}" if folder else "emptied at the end"
        source = f"{service.runs_on} on port {service.port}, {kept}"
        return Dependency(chosen.id, url, service.runs_on, True, source)

    def _is_default(self, variable: str, written: str) -> bool:
        """Whether a setting is as it was generated: then nobody has meant the server that answers there."""
        example = read_settings(self.project.folder / ".env.example").get(variable)
        return written == example and is_default(written)

    def test_urls(self) -> dict[str, str]:
        """Settings for the project's own tests, beside what is provided: a database and a key space of their own."""
        options = Catalog.load().options
        urls = {}
        for option, dependency in self.dependencies.items():
            variable = options[option].test_url
            if variable and options[option].url in self.environment and dependency.url:
                urls[variable] = os.environ.get(variable) or beside(dependency.url)
        return urls

    def _own_data_folder(self, choice: str) -> Path:
        """The folder of a provided database's data, ours alone for as long as this runs."""
        lock = self.project.make_state() / f".{choice}.lock"
        if not self._resources.enter_context(held(lock)):
            raise ScaffoldError(
                f"{self.project.slug} is running already, and its {choice} server with it",
                "End the other 'scaffold run' or 'scaffold exec', or set DATABASE_URL to another database",
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

    def _record(self) -> None:
        """Tell other commands of this project where its servers are, as long as they run."""
        record = self.project.make_state() / RECORD
        new = record.with_suffix(".new")
        new.unlink(missing_ok=True)
        # It holds the password of the database.
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump(self.environment, file)
        new.replace(record)
        self._resources.callback(record.unlink, missing_ok=True)

    def _recorded(self) -> dict[str, str]:
        """The servers of the other command that has the lock; it may still be starting them."""
        record, lock = self.project.state / RECORD, self.project.state / LOCK

        def settled() -> bool:
            with held(lock) as free:
                return free or record.exists()

        until(settled, RECORD_SECONDS, pause=0.1)
        try:
            found = json.loads(record.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return {str(name): str(url) for name, url in found.items()} if isinstance(found, dict) else {}


def client_folders(project: Project, progress: Progress = silent) -> list[Path]:
    """Folders for the end of ``PATH``, with clients of the servers that the project's choices need.

    Args:
        project: whose choices.
        progress: told when they are fetched.

    Raises:
        ScaffoldError: they cannot be had.
    """
    options = Catalog.load().options
    if all(options[option].choice(choice).server != "postgresql" for option, choice in project.choices.items()):
        return []
    from generator.services.postgresql import programs

    return [programs(progress)]


def beside(url: str) -> str:
    """The URL of a database for tests on the same server.

    Args:
        url: of the one for development.
    """
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=TEST_KEY_SPACE if parts.scheme.startswith("redis") else f"/{TEST_NAME}"))
