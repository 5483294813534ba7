"""What every throw-away server offers, and the life cycle they share."""

from __future__ import annotations

import atexit
import itertools
import os
import secrets
from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Protocol, Self, runtime_checkable

from generator.errors import ScaffoldError
from generator.services.folders import remove_folder, temporary_folder
from generator.services.ports import free_port, is_free
from generator.services.process import Account, Child, tail
from generator.services.tools import Progress, silent
from generator.services.waiting import until

PORT_TRIES = 5


@runtime_checkable
class Service(Protocol):
    """A real server on loopback that is there for as long as it is needed.

    Attributes:
        choice: the choice it serves, such as ``postgresql``.
        runs_on: what it really is, for proofs.
        port: its port on 127.0.0.1; the same for its whole life.
    """

    choice: ClassVar[str]
    runs_on: str
    port: int

    @property
    def running(self) -> bool:
        """Whether its process is there (a paused one is)."""
        ...

    def start(self) -> None:
        """Start it; after ``stop()`` on the same port with the same data. Nothing if it runs; resumes if paused."""
        ...

    def stop(self) -> None:
        """End it at once: connections die, acknowledged writes stay."""
        ...

    def pause(self) -> None:
        """Make it hang: it accepts connections and never answers."""
        ...

    def resume(self) -> None:
        """Let it go on after ``pause()``."""
        ...

    def url(self, name: str) -> str:
        """The URL of the database (or key space) of that name, made if missing."""
        ...

    def fresh_url(self) -> str:
        """The URL of a new, empty database (or key space)."""
        ...

    @property
    def log(self) -> Path:
        """What it has written to its outputs."""
        ...

    def close(self) -> None:
        """End it and remove its data; may be called twice."""
        ...

    def __enter__(self) -> Self:
        """Itself."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        ...


class LocalServer(ABC):
    """The life cycle of a server that is one child process with one folder and one port."""

    choice: ClassVar[str]
    start_seconds: ClassVar[float] = 30.0

    def __init__(self, *, progress: Progress = silent, folder: Path | None = None) -> None:
        """Prepare it; ``start()`` starts it.

        Args:
            progress: told what takes long.
            folder: keeps the data when the server is closed; a temporary one by default.

        Raises:
            ScaffoldError: its program cannot be had.
        """
        self._progress = progress
        self._child: Child | None = None
        self._closed = False
        self._owner = os.getpid()
        self._numbers = itertools.count(1)
        self.runs_on = ""
        self.port = 0
        self.account = self._account()
        self._keep = folder is not None
        self.folder = folder or temporary_folder(self.choice, for_another_account=self.account is not None)
        atexit.register(self.close)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.log.unlink(missing_ok=True)
            self._prepare()
        except BaseException:
            self.close()
            raise

    @property
    def log(self) -> Path:
        """What the server wrote to its outputs."""
        return self.folder / "server.log"

    @property
    def running(self) -> bool:
        """Whether its process is there (a paused one is)."""
        return self._child is not None and self._child.running

    def _account(self) -> Account | None:
        """The account it must run as; None for our own."""
        return None

    @abstractmethod
    def _prepare(self) -> None:
        """Get the program and lay out the data folder, once."""

    @abstractmethod
    def _launch(self) -> Child:
        """Start the process on ``self.port``; its polite signal ends it at once, acknowledged writes kept."""

    @abstractmethod
    def _ready(self) -> bool:
        """Whether it answers in its own protocol."""

    @abstractmethod
    def url(self, name: str) -> str:
        """The URL of the database (or key space) of that name, made if missing.

        Args:
            name: lower-case letters, digits and ``_``.
        """

    def fresh_url(self) -> str:
        """The URL of a new, empty database."""
        return self.url(f"fresh_{next(self._numbers)}_{secrets.token_hex(3)}")

    def start(self) -> None:
        """Start it, or resume it; nothing if it runs.

        Raises:
            ScaffoldError: it does not start; the message has the end of its log.
        """
        if self._closed:
            raise ScaffoldError(f"This {self.choice} server is closed", "Provide a new one")
        if self._child is not None and self._child.running:
            self._child.resume()
            return
        first = self.port == 0
        for _ in range(PORT_TRIES if first else 1):
            if first:
                self.port = free_port()
            self._child = self._launch()
            if self._answered():
                return
            said = " ".join(tail(self.log, lines=3).split())
            self._child.end()
            if is_free(self.port):
                break
        port, self.port = self.port, 0 if first else self.port
        raise ScaffoldError(
            f"The throw-away {self.choice} server ({self.runs_on}) did not start on port {port}: {said}",
            f"See {self.log}, and whether another run uses that folder" if self._keep else None,
        )

    def _answered(self) -> bool:
        """Wait until it answers or has ended."""
        child = self._child
        assert child is not None
        until(lambda: self._ready() or not child.running, self.start_seconds)
        return child.running and self._ready()

    def stop(self) -> None:
        """End it at once: connections die, acknowledged writes stay."""
        if self._child is not None and self._child.running:
            self._child.end()

    def pause(self) -> None:
        """Make it hang: it accepts connections and never answers."""
        if self._child is not None:
            self._child.pause()

    def resume(self) -> None:
        """Let it go on after ``pause()``."""
        if self._child is not None:
            self._child.resume()

    def close(self) -> None:
        """End it and remove its folder, unless that is to be kept; may be called twice."""
        if self._closed or os.getpid() != self._owner:
            return
        self._closed = True
        atexit.unregister(self.close)
        self.stop()
        if not self._keep:
            remove_folder(self.folder)

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()
