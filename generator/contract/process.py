"""The child process that runs cases, and the events it writes."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import generator
from generator.contract import Case
from generator.contract.settings import Orders, Settings
from generator.errors import CatalogError, ScaffoldError
from generator.services.folders import cache_folder

COLLECT_SECONDS = 60.0
POLL_SECONDS = 0.05

_BROKEN_SHOWN = 10

_DROPPED = frozenset(
    "PYTEST_ADDOPTS PYTEST_PLUGINS PYTEST_DEBUG PYTHONSTARTUP PYTHONHOME PYTHONINSPECT PYTHONDONTWRITEBYTECODE".split()
)


class CasesEnded(ScaffoldError):
    """A signal ended the process before it had found the cases."""


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


class CaseProcess:
    """One ``python -m generator.contract.worker``, in a process group of its own. It collects the cases at once.

    Args:
        scratch: a private folder outside the project; holds the events and the output.
        folders: the contract folders.
    """

    def __init__(self, scratch: Path, folders: Sequence[Path]) -> None:
        name = secrets.token_hex(8)
        self._token = secrets.token_hex(16)
        self._results = scratch / f"{name}.jsonl"
        self._log = scratch / f"{name}.log"
        self._offset = 0
        work = scratch / name
        work.mkdir()
        (work / "pytest.ini").write_text("[pytest]\n", "utf-8")
        self._results.touch(mode=0o600)
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "generator.contract.worker"],
                cwd=work,
                env=environment(),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._tell(Settings(str(self._results), self._token, tuple(map(str, folders))))

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
            ended = self.wait(POLL_SECONDS) is not None
            for event in self.events():
                if event["event"] == "broken":
                    broken.append(event["message"])
                elif event["event"] == "collected":
                    found = [Collected.of(entry) for entry in event["cases"]]
            if ended:
                break
        if broken:
            raise CatalogError(f"The contract is broken: {'; '.join(broken[:_BROKEN_SHOWN])}")
        code = self.wait(0)
        if found is None and code is not None and code < 0:
            raise CasesEnded(f"The process that runs the cases was ended by signal {-code}: {self.output()}")
        if not found:
            raise CatalogError(f"No case was found: {self.output()}", "Cases are in the idea's contract folder.")
        return found

    def order(self, orders: Orders) -> None:
        """Have cases run."""
        self._tell(orders)

    def _tell(self, line: Settings | Orders) -> None:
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # one that has died is found by wait()
            self._process.stdin.write(line.to_line())
            self._process.stdin.flush()

    def events(self) -> Iterator[dict[str, Any]]:
        """Events that came since the last call. Lines without the run's token are not events."""
        with self._results.open("rb") as file:
            file.seek(self._offset)
            for line in file:
                if not line.endswith(b"\n"):
                    break
                self._offset += len(line)
                try:
                    event = json.loads(line)
                except ValueError:
                    continue
                if isinstance(event, dict) and secrets.compare_digest(str(event.get("token")), self._token):
                    yield event

    def wait(self, seconds: float) -> int | None:
        """The exit code, or None while it still runs after so many seconds."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def kill(self) -> None:
        """End it and all it started."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        with suppress(BrokenPipeError):
            self._process.stdin.close()  # type: ignore[union-attr]

    def output(self, lines: int = 5) -> str:
        """The last lines of what it printed."""
        text = self._log.read_text("utf-8", errors="replace").strip()
        return "\n".join(text.splitlines()[-lines:])

    def __enter__(self) -> CaseProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()


def environment(base: Mapping[str, str] | None = None) -> dict[str, str]:
    """The child's environment: ours, without what would steer Python or pytest, and able to import us."""
    kept = {key: value for key, value in (base or os.environ).items() if key not in _DROPPED}
    kept["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    kept["PYTHONPATH"] = str(Path(generator.__file__).resolve().parent.parent)
    kept["PYTHONUTF8"] = "1"
    # Cases are compiled once, not by each process; and the templates tree stays as git has it.
    kept["PYTHONPYCACHEPREFIX"] = str(cache_folder() / "bytecode")
    return kept
