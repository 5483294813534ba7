"""Finds the cases in a process of their own, and makes processes that run them."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import IO, Any

import generator
from generator.contract import Case
from generator.contract.events import Events
from generator.contract.process import POLL_SECONDS, CaseProcess, CasesEnded, last_lines
from generator.contract.sealed import new_key
from generator.contract.settings import Settings
from generator.errors import CatalogError
from generator.services.folders import cache_folder
from generator.services.waiting import until

COLLECT_SECONDS = 60.0
FORK_SECONDS = 30.0

_BROKEN_SHOWN = 10

_DROPPED = frozenset(
    "PYTEST_ADDOPTS PYTEST_PLUGINS PYTEST_DEBUG PYTHONSTARTUP PYTHONHOME PYTHONINSPECT PYTHONDONTWRITEBYTECODE".split()
)


@dataclass(frozen=True)
class Collected:
    """One case and how many pytest items (variants) it has."""

    case: Case
    items: int

    @classmethod
    def of(cls, entry: dict[str, Any]) -> Collected:
        """A member of the event ``collected``."""
        members = {name: entry[name] for name in ("id", "points", "reason", "waits", "race", "signup")}
        return cls(Case(**members, needs=tuple(entry["needs"]), auth=tuple(entry["auth"])), entry["items"])


class Nursery:
    """One ``python -m generator.contract.worker``, which finds the cases at once and forks at each :meth:`process`.

    It is started before anything of the project under test, and its line is its standard input.

    Args:
        scratch: a private folder outside the project.
        folders: the contract folders.
    """

    def __init__(self, scratch: Path, folders: Sequence[Path]) -> None:
        work = scratch / secrets.token_hex(8)
        work.mkdir()
        (work / "pytest.ini").write_text("[pytest]\n", "utf-8")
        self._log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (kept open)
        self._line, line = socket.socketpair()
        self._key = new_key()
        self._events = Events(self._line, self._key)
        self._lock, self._forking = Lock(), Lock()
        self._made = 0
        self._pids: dict[int, int] = {}
        self._codes: dict[int, int] = {}
        with line:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "generator.contract.worker"],
                cwd=work,
                env=environment(),
                stdin=line.fileno(),
                stdout=self._log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        with suppress(OSError):  # one that has died is found when it does not answer
            self._line.sendall(Settings(self._key, tuple(map(str, folders))).to_line())

    def collected(self, seconds: float = COLLECT_SECONDS) -> list[Collected]:
        """The cases it found, in order of file and line.

        Raises:
            CasesEnded: a signal ended it.
            CatalogError: a file that cannot be imported, a test without an id, an id used twice; names the file.
        """
        deadline = time.monotonic() + seconds
        broken: list[str] = []
        found: list[Collected] | None = None
        while found is None and time.monotonic() < deadline:
            code = self._wait(POLL_SECONDS)
            for event in self._events.new():
                if event["event"] == "broken":
                    broken.append(event["message"])
                elif event["event"] == "collected":
                    found = [Collected.of(entry) for entry in event["cases"]]
            if code is not None:
                break
        if broken:
            raise CatalogError(f"The contract is broken: {'; '.join(broken[:_BROKEN_SHOWN])}")
        code = self._wait(0)
        if found is None and code is not None and code < 0:
            raise CasesEnded(f"The process that runs the cases was ended by signal {-code}: {last_lines(self._log)}")
        if not found:
            raise CatalogError(
                f"No case was found: {last_lines(self._log)}", "Cases are in the idea's contract folder."
            )
        return found

    def process(self) -> CaseProcess:
        """A process that knows the cases and waits for orders; may be called from threads.

        Raises:
            CasesEnded: it cannot be made any more.
        """
        with self._forking:
            number = self._made = self._made + 1
            return CaseProcess(lambda handed: self._fork(number, handed), lambda: self._code(number))

    def _fork(self, number: int, handed: list[int]) -> int:
        with suppress(OSError):
            socket.send_fds(self._line, [b"."], handed)
        until(lambda: number in self._told() or self._events.ended, FORK_SECONDS, pause=0.005)
        if number not in self._pids:
            raise CasesEnded(
                f"The process that knows the cases was ended: {last_lines(self._log) or 'it said nothing'}"
            )
        return self._pids[number]

    def _told(self) -> dict[int, int]:
        """Process ids by number, after what has come meanwhile was read."""
        with self._lock:
            for event in self._events.new():
                if event["event"] == "forked":
                    self._pids[event["number"]] = event["pid"]
                elif event["event"] == "ended":
                    self._codes[event["number"]] = event["code"]
        return self._pids

    def _code(self, number: int) -> int | None:
        """The exit code of the process of that number; of one that nobody watches any more, as if it were killed."""
        self._told()
        if number not in self._codes and self._events.ended:
            with suppress(OSError):
                os.killpg(self._pids[number], signal.SIGKILL)
            self._codes[number] = -signal.SIGKILL
        return self._codes.get(number)

    def _wait(self, seconds: float) -> int | None:
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def close(self) -> None:
        """End it, and the processes that it has made."""
        with suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)  # then it ends its own
        for number, process in self._told().items():
            if number not in self._codes:
                with suppress(OSError):
                    os.killpg(process, signal.SIGKILL)
        with suppress(OSError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._line.close()
        self._log.close()


def environment(base: Mapping[str, str] | None = None) -> dict[str, str]:
    """The child's environment: ours, without what would steer Python or pytest, and able to import us."""
    kept = {key: value for key, value in (base or os.environ).items() if key not in _DROPPED}
    kept["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    kept["PYTHONPATH"] = str(Path(generator.__file__).resolve().parent.parent)
    kept["PYTHONUTF8"] = "1"
    # Cases are compiled once, not by each process; and the templates tree stays as git has it.
    kept["PYTHONPYCACHEPREFIX"] = str(cache_folder() / "bytecode")
    return kept
