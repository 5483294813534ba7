"""A command that has the terminal: its keys, its screen, its signals, and its exit code for ours."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from generator.errors import ScaffoldError
from generator.services.guard import GUARD

GRACE_SECONDS = 10.0
PASSED_ON = (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGINT)


def run_in_foreground(arguments: Sequence[str], *, environment: Mapping[str, str], folder: Path) -> int:
    """Run a command with our standard streams, and wait for its end.

    Args:
        arguments: the command line.
        environment: its whole environment.
        folder: its working folder.

    Returns:
        its exit code; 128 and the signal's number if a signal ended it, as shells have it.

    Raises:
        ScaffoldError: it cannot be started.
    """
    with _signals_passed_on() as pass_to:
        try:
            # In our process group, or a terminal would give it neither keys nor Ctrl-C.
            process = subprocess.Popen(
                list(arguments),
                env=dict(environment),
                cwd=folder,
                preexec_fn=GUARD.registration(signal.SIGHUP),  # one write(2), safe after a fork
            )
        except OSError as error:
            raise ScaffoldError(
                f"{arguments[0]} cannot be run: {(error.strerror or str(error)).lower()}", "Is it installed?"
            ) from error
        pass_to.append(process)
        try:
            code = process.wait()
        finally:
            GUARD.drop_process(process.pid)
    return code if code >= 0 else 128 - code


@contextmanager
def _signals_passed_on() -> Iterator[list[subprocess.Popen[bytes]]]:
    """Leave every signal to the command; it decides what ends it, and we end with it."""
    processes: list[subprocess.Popen[bytes]] = []

    def handle(number: int, frame: FrameType | None) -> None:
        # Ctrl-C and Ctrl-\ have reached it already: a terminal sends them to its whole foreground group.
        if number in (signal.SIGINT, signal.SIGQUIT) and _in_foreground():
            return
        for process in processes:
            process.send_signal(number)

    before = {number: signal.signal(number, handle) for number in PASSED_ON}
    try:
        yield processes
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _in_foreground() -> bool:
    """Whether a terminal's keys come to us."""
    for stream in (sys.__stdin__, sys.__stdout__, sys.__stderr__):
        try:
            if stream is not None and os.tcgetpgrp(stream.fileno()) == os.getpgrp():
                return True
        except (OSError, ValueError):
            continue
    return False
