"""A process that runs cases, as the runner sees it."""

from __future__ import annotations

import os
import signal
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from types import TracebackType
from typing import IO, Any

from generator.contract.control import Handlers, Switchboard
from generator.contract.events import Events
from generator.contract.sealed import new_key
from generator.contract.settings import Orders
from generator.errors import ScaffoldError
from generator.services.waiting import until

POLL_SECONDS = 0.05
_PAUSE_SECONDS = 0.01


class CasesEnded(ScaffoldError):
    """The process that has found the cases, or was to find them, was ended from outside."""


class CaseProcess:
    """A process that waits for orders, in a session of its own; see :class:`generator.contract.nursery.Nursery`.

    Args:
        fork: makes it, given the descriptors that it is to have; its process id.
        code: its exit code, None while it runs.

    Raises:
        CasesEnded: it cannot be made.
    """

    def __init__(self, fork: Callable[[list[int]], int], code: Callable[[], int | None]) -> None:
        self._code = code
        self._log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (kept open)
        self._line, events = socket.socketpair()
        self._control, control = socket.socketpair()
        self._key = new_key()
        self._events = Events(self._line, self._key)
        self._switchboard: Switchboard | None = None
        with events, control:
            self._pid = fork([events.fileno(), control.fileno(), self._log.fileno()])

    def order(self, orders: Orders, handlers: Handlers) -> None:
        """Have cases run.

        Args:
            handlers: what they may ask for, by name.
        """
        self._switchboard = Switchboard(self._control, handlers)
        with suppress(OSError):  # one that has died is found by wait()
            self._line.sendall(replace(orders, key=self._key).to_line())

    def events(self) -> Iterator[dict[str, Any]]:
        """What it has reported since the last call."""
        return self._events.new()

    @property
    def forged(self) -> bool:
        """Whether something on its line was not what it has reported."""
        return self._events.forged

    def wait(self, seconds: float) -> int | None:
        """The exit code, or None while it still runs after so many seconds."""
        until(lambda: self._code() is not None, seconds, pause=_PAUSE_SECONDS)
        return self._code()

    def kill(self) -> None:
        """End it and all it started."""
        if self._code() is None:
            for end in (os.killpg, os.kill):  # in the first moment it leads no group yet
                with suppress(ProcessLookupError):
                    end(self._pid, signal.SIGKILL)
        if self._switchboard:
            self._switchboard.close()
        for end_of_line in (self._line, self._control, self._log):
            end_of_line.close()

    def output(self) -> str:
        """The last lines of what it printed."""
        return last_lines(self._log)

    def __enter__(self) -> CaseProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()


def last_lines(log: IO[bytes], lines: int = 5) -> str:
    """The end of what a process has printed into a file that it shares with us."""
    size = os.fstat(log.fileno()).st_size
    # Not by seek(): the process shares the position, and would write where we read.
    text = os.pread(log.fileno(), 16_384, max(size - 16_384, 0)).decode(errors="replace").strip()
    return "\n".join(text.splitlines()[-lines:])
