"""Keeps what this process knows to itself: no other process of the same account may read or trace it."""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path

from generator.errors import ScaffoldError

PR_SET_DUMPABLE = 4
_STATUS = Path("/proc/self/status")


def keep_secrets() -> None:
    """To be called before a secret is in memory; what is forked afterwards is closed as well, what is started is not.

    On Linux its memory, environment and descriptors then belong to root, and nobody but root can trace it. On other
    systems nothing happens.

    Raises:
        ScaffoldError: another process traces this one already, and could make it say anything.
    """
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    if tracer := _tracer():
        raise ScaffoldError(
            f"Process {tracer} traces this one, and could forge the verdict", "Run it without a debugger or strace"
        )


def _tracer() -> int:
    """The process that traces us; 0 when none does."""
    lines = _STATUS.read_text("ascii", errors="replace").splitlines() if _STATUS.exists() else []
    return next((int(line.split()[1]) for line in lines if line.startswith("TracerPid:")), 0)
