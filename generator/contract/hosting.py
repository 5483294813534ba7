"""What the runner asks of whoever installs, starts and stops a project.

:class:`generator.runtime.stack.Stack` is that; tests bring a stack of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Event
from typing import Protocol

from generator.services.mailbox import Mail


class HostedServer(Protocol):
    """One process of the project, with a port of its own."""

    url: str
    public_url: str

    @property
    def pid(self) -> int:
        """Its process id."""

    def terminate(self) -> None:
        """Send SIGTERM."""

    def kill(self) -> None:
        """Send SIGKILL."""

    def wait(self, timeout: float) -> int:
        """The exit code; raises TimeoutError while it still runs after ``timeout`` seconds."""

    def stdout_lines(self) -> list[str]:
        """Standard output so far."""

    def stderr_text(self) -> str:
        """Standard error so far."""

    def close(self, timeout: float = ...) -> None:
        """End it if it runs, by SIGKILL after ``timeout`` seconds, and give up what it holds."""


class HostedService(Protocol):
    """A throw-away database or cache server."""

    def stop(self) -> None:
        """End it; its data stays."""

    def start(self) -> None:
        """Start it again on the same port."""

    def pause(self) -> None:
        """Freeze it."""

    def resume(self) -> None:
        """Thaw it."""

    def fresh_url(self) -> str:
        """The address of an empty database in the same server."""

    @property
    def log(self) -> Path:
        """What it has written to its outputs."""


class Host(Protocol):
    """A project with the services it needs. The environment's value None takes a variable away."""

    @property
    def database(self) -> HostedService | None:
        """The database's server; None when there is none, as with SQLite."""

    @property
    def cache(self) -> HostedService | None:
        """The cache's server; None when there is none."""

    def boot(self, env: Mapping[str, str | None] = ..., *, ready: bool = ..., timeout: float = ...) -> HostedServer:
        """Start the project on a free port and wait until it answers /health; with ``ready`` /ready, too."""

    def launch(self, env: Mapping[str, str | None] = ...) -> HostedServer:
        """Start the project and wait for nothing."""

    def fresh_database(self) -> str:
        """The DATABASE_URL of a new, empty database."""

    def migrate(self, env: Mapping[str, str | None] = ...) -> None:
        """Bring the database that the environment names up to date."""

    @property
    def mails(self) -> Sequence[Mail]:
        """The mails that its servers have sent so far."""

    @property
    def environment(self) -> Mapping[str, str]:
        """What its servers are started with."""

    def attempt(
        self, command: str, env: Mapping[str, str | None] = ..., *, stop: Event | None = ..., timeout: float = ...
    ) -> tuple[int, str]:
        """Run one of the project's commands, ended by SIGKILL as soon as ``stop`` is set: exit code and output."""
