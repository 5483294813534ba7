"""A real pseudo-terminal with a screen that tests can read."""

from __future__ import annotations

import time
from pathlib import Path
from typing import ClassVar

import pexpect
import pyte

from tests.cli.command import SCAFFOLD, environment

UP, DOWN, ENTER, ESCAPE, BACKSPACE = "\x1b[A", "\x1b[B", "\r", "\x1b", "\x7f"
CTRL_C, CTRL_D, CTRL_U = "\x03", "\x04", "\x15"


class _Screen(pyte.Screen):
    """Answers the questions that a terminal is asked, such as where its cursor is."""

    child: pexpect.spawn[bytes]

    def write_process_input(self, data: str) -> None:
        self.child.send(data.encode())


class Terminal:
    """``scaffold`` running in a terminal of a given size."""

    program: ClassVar = SCAFFOLD

    def __init__(self, *arguments: str, cwd: Path, columns: int = 80, rows: int = 30, **env: str) -> None:
        self._child = pexpect.spawn(
            self.program[0],
            [*self.program[1:], *arguments],
            cwd=str(cwd),
            env=environment(**env),
            dimensions=(rows, columns),
        )
        self._child.delaybeforesend = None
        self._screen = _Screen(columns, rows)
        self._screen.child = self._child
        self._stream = pyte.ByteStream(self._screen)

    @property
    def text(self) -> str:
        """What the screen shows, without the blanks at the ends of lines."""
        return "\n".join(line.rstrip() for line in self._screen.display).rstrip()

    @property
    def colours(self) -> set[str]:
        """The colours of what the screen shows."""
        return {char.fg for line in self._screen.buffer.values() for char in line.values()}

    def shows(self, words: str) -> bool:
        """Whether words are on the screen, wherever its width breaks them."""
        return "".join(words.split()) in "".join(self.text.split())

    def wait(self, words: str, seconds: float = 90.0) -> None:
        """Read until the screen shows some words."""
        until = time.monotonic() + seconds
        while not self.shows(words):
            assert time.monotonic() < until, f"{words!r} did not appear:\n{self.text}"
            assert self._read() or self.shows(words), f"{words!r} did not appear before the end:\n{self.text}"

    def wait_asked(self, question: str) -> None:
        """Read until a question is the one that is asked: the keys follow it, and not an answer."""
        self.wait(f"{question} (")

    def send(self, *keys: str) -> None:
        """Press keys, one after another, as a person would: after the screen has settled."""
        for key in keys:
            self.settle()
            self._child.send(key)
            if key == ESCAPE:  # what follows at once would be taken for the rest of an arrow
                time.sleep(0.5)

    def leave(self) -> int:
        """Read to the end; the exit code."""
        while self._read():
            pass
        self._child.close()
        return int(self._child.exitstatus if self._child.exitstatus is not None else -(self._child.signalstatus or 0))

    def hang_up(self) -> None:
        """Close the window."""
        self._child.close(force=False)
        self._child.wait()

    def settle(self, seconds: float = 0.05) -> None:
        """Read until nothing has come for some seconds."""
        while self._child.isalive() and self._read(timeout=seconds, idle=False):
            pass

    def _read(self, timeout: float = 30.0, *, idle: bool = True) -> bool:
        """Show what has come; whether more may come (with ``idle``, also after silence)."""
        try:
            self._stream.feed(self._child.read_nonblocking(4096, timeout))
        except pexpect.TIMEOUT:
            return idle
        except pexpect.EOF:
            return False
        return True
