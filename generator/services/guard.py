"""Nothing outlives us: a watchdog ends what we started, even if we are killed.

``prctl(PR_SET_PDEATHSIG)`` is Linux only and follows the *thread* that started the child, and ``atexit`` does not
run on SIGTERM or SIGKILL. A pipe to a small process does both jobs everywhere: see ``guard_main``.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from generator.services import guard_main


class Guard:
    """The watchdog of this process; started with the first registration."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._owner = 0
        self._watchdog: subprocess.Popen[bytes] | None = None

    def _pipe(self) -> int:
        """The watchdog's standard input; a forked child of ours gets a watchdog of its own."""
        with self._lock:
            if self._watchdog is None or self._owner != os.getpid() or self._watchdog.poll() is not None:
                self._owner = os.getpid()
                self._watchdog = subprocess.Popen(
                    [sys.executable, "-I", "-S", guard_main.__file__],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    cwd="/",
                    start_new_session=True,
                )
            assert self._watchdog.stdin is not None
            return self._watchdog.stdin.fileno()

    def _send(self, message: dict[str, object]) -> None:
        with contextlib.suppress(OSError):
            os.write(self._pipe(), json.dumps(message).encode() + b"\n")

    def registration(self, polite: signal.Signals) -> Callable[[], None]:
        """A function for ``preexec_fn``: the child registers itself before it runs the program.

        Done in the child because between a fork and a line written by the parent, the parent may be killed.

        Args:
            polite: the signal that asks this program to end.
        """
        pipe = self._pipe()
        before, behind = b'{"add": "process", "id": ', b', "signal": %d}\n' % polite

        def register() -> None:
            os.write(pipe, before + str(os.getpid()).encode() + behind)

        return register

    def add_process(self, process: int, polite: signal.Signals) -> None:
        """Register a running process, for instance one that was stopped by SIGSTOP.

        Args:
            process: its id.
            polite: the signal that asks it to end.
        """
        self._send({"add": "process", "id": process, "signal": int(polite)})

    def drop_process(self, process: int) -> None:
        """Forget a process that has ended; its id may be given to a stranger next.

        Args:
            process: its id.
        """
        self._send({"drop": "process", "id": process})

    def add_folder(self, folder: Path) -> None:
        """Register a folder to be removed.

        Args:
            folder: an absolute path.
        """
        self._send({"add": "folder", "path": str(folder)})

    def drop_folder(self, folder: Path) -> None:
        """Forget a folder that has been removed.

        Args:
            folder: the path given to ``add_folder``.
        """
        self._send({"drop": "folder", "path": str(folder)})


GUARD = Guard()
