"""The child process that runs cases, and the events it writes."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import generator
from generator.contract.settings import Settings

_DROPPED = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_DEBUG", "PYTHONSTARTUP", "PYTHONHOME", "PYTHONINSPECT")


class CaseProcess:
    """One ``python -m generator.contract.session``, in a process group of its own.

    Args:
        folder: private, empty folder outside the project; holds the events and the output.
        settings: without ``results`` and ``token``, which are chosen here.
    """

    def __init__(self, folder: Path, settings: dict[str, Any]) -> None:
        name = secrets.token_hex(8)
        self._token = secrets.token_hex(16)
        self._results = folder / f"{name}.jsonl"
        self._log = folder / f"{name}.log"
        self._offset = 0
        work = folder / name
        work.mkdir()
        (work / "pytest.ini").write_text("[pytest]\n", "utf-8")
        self._results.touch(mode=0o600)
        told = Settings(results=str(self._results), token=self._token, **settings)
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "generator.contract.session"],
                cwd=work,
                env=environment(),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        assert self._process.stdin is not None
        with suppress(BrokenPipeError), self._process.stdin as pipe:  # one that died at once is found by wait()
            pipe.write(told.to_json().encode())

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
    return kept
