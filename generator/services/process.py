"""Child processes that end with us, their output, and everything below them."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from generator.services.guard import GUARD
from generator.services.waiting import until

TAIL_LINES = 12
TICK_SECONDS = 0.5


@dataclass(frozen=True)
class Account:
    """An operating system account to run a program as; ids as in ``/etc/passwd``."""

    name: str
    user: int
    group: int


def parents() -> dict[int, int]:
    """Every process of this machine with its parent."""
    found: dict[int, int] = {}
    if Path("/proc/self/stat").exists():
        for entry in os.listdir("/proc"):
            with contextlib.suppress(OSError, ValueError, IndexError):
                stat = Path("/proc", entry, "stat").read_bytes() if entry.isdigit() else b""
                found[int(entry)] = int(stat.rpartition(b")")[2].split()[1])
        return found
    listing = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=False)
    for line in listing.stdout.splitlines():
        child, parent = line.split()
        found[int(child)] = int(parent)
    return found


def descendants(process: int) -> list[int]:
    """The children of a process, their children, and so on.

    Args:
        process: its id; not in the answer.
    """
    tree = parents()
    found, queue = [], [process]
    while queue:
        above = queue.pop()
        below = [child for child, parent in tree.items() if parent == above]
        found += below
        queue += below
    return found


class Child:
    """A program running in a session of its own, registered with the watchdog."""

    def __init__(
        self,
        arguments: Sequence[str | Path],
        *,
        environment: Mapping[str, str],
        folder: Path,
        stdout: Path | IO[bytes] | int | None,
        stderr: Path | IO[bytes] | int | None = subprocess.STDOUT,
        account: Account | None = None,
        polite: signal.Signals = signal.SIGTERM,
        umask: int = -1,
    ) -> None:
        """Start the program.

        Args:
            arguments: its command line.
            environment: its whole environment.
            folder: its working folder.
            stdout: a file that output is appended to, or what ``subprocess`` takes.
            stderr: the same for standard error.
            account: the account to run as, for root only.
            polite: the signal that asks it to end, used should we be killed.
            umask: its umask; ours by default.

        Raises:
            OSError: the program cannot be started.
        """
        self.polite = polite
        with contextlib.ExitStack() as files:

            def opened(target: Path | IO[bytes] | int | None) -> IO[bytes] | int | None:
                return files.enter_context(target.open("ab")) if isinstance(target, Path) else target

            self._process = subprocess.Popen(
                [str(argument) for argument in arguments],
                env=dict(environment),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=opened(stdout),
                stderr=opened(stderr),
                user=account.user if account else None,
                group=account.group if account else None,
                extra_groups=[] if account else None,
                umask=umask,
                start_new_session=True,
                preexec_fn=GUARD.registration(polite),  # one write(2), safe after a fork
            )
        self._paused: list[int] = []
        self._registered = True

    @property
    def pid(self) -> int:
        """Its process id, and its group's."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """Its exit code, negative for the signal that ended it; None while it runs."""
        code = self._process.poll()
        if code is not None:
            self._forget()
        return code

    @property
    def running(self) -> bool:
        """Whether it runs (a paused one does)."""
        return self.exit_code is None

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the program itself, if it still runs.

        Args:
            number: the signal.
        """
        if self.running:
            self._process.send_signal(number)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end.

        Args:
            timeout: seconds; for ever by default.

        Raises:
            TimeoutError: it still runs.
        """
        try:
            code = self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise TimeoutError(f"process {self.pid} still runs after {timeout:g} s") from None
        self._forget()
        return code

    def _forget(self) -> None:
        """End what it left in its group and tell the watchdog; once, for later the id may be a stranger's."""
        if self._registered:
            self._registered = False
            self._kill_group()
            GUARD.drop_process(self.pid)

    def pause(self) -> None:
        """Stop it and everything below it where they are (SIGSTOP); its sockets stay open."""
        if not self.running or self._paused:
            return
        self._process.send_signal(signal.SIGSTOP)
        # The parent first: once it stands still it starts no new children.
        for process in descendants(self.pid):
            self._paused.append(process)
            GUARD.add_process(process, signal.SIGKILL)
            with contextlib.suppress(OSError):
                os.kill(process, signal.SIGSTOP)
        self._paused.append(self.pid)

    def resume(self) -> None:
        """Let it go on (SIGCONT); nothing if it is not paused."""
        paused, self._paused = self._paused, []
        for process in paused:
            with contextlib.suppress(OSError):
                os.kill(process, signal.SIGCONT)
            if process != self.pid:
                GUARD.drop_process(process)

    def end(self, number: signal.Signals | None = None, timeout: float = 5.0) -> int:
        """End it for certain: a signal, then SIGKILL for its whole group and what is below it.

        Args:
            number: the first signal; by default its polite one.
            timeout: seconds it gets to follow the first signal.

        Returns:
            its exit code.
        """
        self.resume()
        self.send(number or self.polite)
        if until(lambda: not self.running, timeout):
            return self.wait()
        below = descendants(self.pid)
        self._kill_group()
        for process in below:
            with contextlib.suppress(OSError):
                os.kill(process, signal.SIGKILL)
        return self.wait(timeout)

    def _kill_group(self) -> None:
        with contextlib.suppress(OSError):
            os.killpg(self.pid, signal.SIGKILL)


def tail(file: Path, lines: int = TAIL_LINES) -> str:
    """The last lines of a file, for an error message; empty if there is none.

    Args:
        file: a log.
        lines: how many lines at most.
    """
    try:
        with file.open("rb") as log:
            log.seek(max(0, file.stat().st_size - 16_384))
            text = log.read().decode(errors="replace")
    except OSError:
        return ""
    return "\n".join(text.strip().splitlines()[-lines:])


def run(
    arguments: Sequence[str | Path],
    *,
    environment: Mapping[str, str],
    folder: Path,
    timeout: float,
    account: Account | None = None,
    umask: int = -1,
    tick: Callable[[str], None] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end, its output captured in files; it dies with us, and whole at the time-out.

    Args:
        arguments: its command line.
        environment: its whole environment.
        folder: its working folder.
        timeout: seconds.
        account: the account to run as, for root only.
        umask: its umask; ours by default.
        tick: called every half second with the last line of its output so far; what it raises ends the program.

    Raises:
        OSError: the program cannot be started.
        TimeoutError: it still ran and was ended; the message holds the end of its output.
    """
    with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:

        def text(file: IO[bytes]) -> str:
            file.seek(0)
            return file.read().decode(errors="replace")

        child = Child(
            arguments,
            environment=environment,
            folder=folder,
            stdout=stdout,
            stderr=stderr,
            account=account,
            umask=umask,
        )
        try:
            if tick:
                latest = _Latest(stderr, stdout)
                _tick_until_end(child, timeout, lambda: tick(latest.line()))
            code = child.wait(0 if tick else timeout)
        except TimeoutError:
            child.end(signal.SIGKILL)
            said = "\n".join((text(stdout) + text(stderr)).strip().splitlines()[-TAIL_LINES:])
            raise TimeoutError(f"{arguments[0]} did not end within {timeout:g} s: {said}") from None
        except BaseException:
            child.end(signal.SIGTERM, timeout=2)
            raise
        return subprocess.CompletedProcess([str(a) for a in arguments], code, text(stdout), text(stderr))


def _tick_until_end(child: Child, seconds: float, tick: Callable[[], None]) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(TimeoutError):
            child.wait(min(TICK_SECONDS, max(deadline - time.monotonic(), 0)))
            return
        tick()


class _Latest:
    """What a program said last on any of its streams: a warning on one must not hide what goes on on the other."""

    def __init__(self, *files: IO[bytes]) -> None:
        self._files = list(files)
        self._sizes = [0] * len(files)
        self._newest = files[0]

    def line(self) -> str:
        """The last line of the stream that has grown since the last time; else of the one that had."""
        for number, file in enumerate(self._files):
            size = os.fstat(file.fileno()).st_size
            if size > self._sizes[number]:
                self._sizes[number], self._newest = size, file
        return _last_line(self._newest)


def _last_line(file: IO[bytes]) -> str:
    """The last line of what a running program has written to a file."""
    size = os.fstat(file.fileno()).st_size
    # Not by seek(): the program shares the position, and would write where we read.
    end = os.pread(file.fileno(), 2048, max(size - 2048, 0)).decode(errors="replace").strip()
    return end.splitlines()[-1].strip() if end else ""
