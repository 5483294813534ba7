"""A project's own tests, or any command in its place: with the toolchain on its path, and servers to talk to."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from generator.catalog import Catalog
from generator.project import Project
from generator.runtime.clients import connected, libpq_environment
from generator.runtime.commands import install_project, tools_for
from generator.runtime.environment import user_environment
from generator.runtime.foreground import run_in_foreground
from generator.runtime.provision import Provision, client_folders
from generator.runtime.settings import make_settings, read_settings
from generator.services import provide
from generator.services.folders import remove_folder, temporary_folder
from generator.services.tools import Progress, silent


class Bench:
    """The surroundings of one command; a context manager that ends what it started."""

    def __init__(self, project: Project, progress: Progress = silent) -> None:
        """Remember the project.

        Args:
            project: whose command.
            progress: told what takes long.
        """
        self.project = project
        self._progress = progress
        self._resources = ExitStack()
        self._environment: dict[str, str] = {}

    def __enter__(self) -> Bench:
        """Find the toolchain.

        Raises:
            ScaffoldError: a program is missing and cannot be provided.
        """
        self._environment = {**user_environment(), **tools_for(self.project, self._progress)}
        return self

    def __exit__(self, *_: object) -> None:
        """End everything."""
        self._resources.close()

    def test(self, arguments: Sequence[str] = (), *, install: bool = True) -> int:
        """Run the project's own tests, on servers that have nothing else in them.

        Args:
            arguments: for the test runner.
            install: the dependencies first, if they have changed.

        Returns:
            its exit code.

        Raises:
            ScaffoldError: something before that failed.
        """
        if install:
            install_project(self.project, environment=self._environment, progress=self._progress)
        return self._run(with_arguments(self.project.command("test"), arguments), self._throw_away())

    def execute(self, command: Sequence[str]) -> int:
        """Run any command on the servers of ``scaffold run``: those of one that goes on, or the same data.

        Args:
            command: its command line.

        Returns:
            its exit code.

        Raises:
            ScaffoldError: it cannot be started, or a server cannot be had.
        """
        if make_settings(self.project.folder):
            self._progress("Made .env from .env.example, with a secret of its own")
        settings = read_settings(self.project.folder / ".env")
        provision = Provision(self.project, settings, self._resources, share=True, progress=self._progress)
        provision.provide()
        urls = [dependency.url for dependency in provision.dependencies.values() if dependency.url]
        changes = {**libpq_environment(urls), **provision.environment, **provision.test_urls()}
        return self._run(connected(command, urls), changes)

    def _run(self, command: Sequence[str], changes: dict[str, str]) -> int:
        path = [self._environment["PATH"], *map(str, client_folders(self.project, self._progress))]
        environment = {**self._environment, **changes, "PATH": os.pathsep.join(path)}
        if clear := getattr(self._progress, "clear", None):
            clear()
        return run_in_foreground(command, environment=environment, folder=self.project.folder)

    def _throw_away(self) -> dict[str, str]:
        """Settings with the URLs of servers and files for these tests alone.

        The server's own settings get them, too: so tests that read the wrong one find no data that anyone misses.
        """
        options, changes = Catalog.load().options, dict[str, str]()
        for option, choice_id in self.project.choices.items():
            asked, choice = options[option], options[option].choice(choice_id)
            if not asked.test_url or not (choice.server or choice.file):
                continue
            url = os.environ.get(asked.test_url)
            if not url and choice.server:
                service = self._resources.enter_context(provide(choice.server, progress=self._progress))
                url = service.fresh_url()
            changes[asked.url] = changes[asked.test_url] = url or choice.file.format(path=self._folder() / "test.db")
        return changes

    def _folder(self) -> Path:
        folder = temporary_folder(self.project.slug[:40])
        self._resources.callback(remove_folder, folder)
        return folder


def with_arguments(command: Sequence[str], arguments: Sequence[str]) -> list[str]:
    """A project's command with further arguments.

    Args:
        command: such as ``npm test``.
        arguments: for the program that it runs in the end.
    """
    if not arguments:
        return list(command)
    dashes = ["--"] if command[0] == "npm" else []  # npm keeps what looks like a flag of its own
    return [*command, *dashes, *arguments]
