"""A shell in a real terminal, into which commands are typed as a page prints them."""

from __future__ import annotations

import os
import re
import signal
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

import pexpect

from generator.services.ports import HOST, listen_error
from generator.services.waiting import until

PROMPT = re.compile(r"<<<(\d+)>>>")
COLUMNS, ROWS = 160, 40
CTRL_C = "\x03"
BOOT_SECONDS = 300.0
END_SECONDS = 120.0
TAKEN_SECONDS = 60.0  # by another test, for instance
# Ended with Ctrl-C: by the signal, or in order.
INTERRUPTED = frozenset({0, 130})


class Shell:
    """``bash`` in a folder; a context manager."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        """Start it.

        Args:
            folder: where it begins.
            environment: the whole of it.
        """
        settings = {"PS1": "<<<$?>>>", "PS2": "", "INPUTRC": os.devnull, "HISTFILE": os.devnull}
        self._child = pexpect.spawn(
            "bash",
            ["--noprofile", "--norc", "-i"],
            cwd=str(folder),
            env={**environment, **settings},
            encoding="utf-8",
            codec_errors="replace",
            dimensions=(ROWS, COLUMNS),
            # What was started in the background ignores Ctrl-C, and so would this shell.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        self._child.delaybeforesend = None
        self._child.expect(PROMPT, timeout=30)
        # Or a pasted command is shown with marks of its own.
        self.run("bind 'set enable-bracketed-paste off'", 30)

    def run(self, command: str, seconds: float) -> str:
        """Type a command and wait for its end; what is wrong with it, empty if nothing is.

        Args:
            command: one command; its lines are typed one after another.
            seconds: how long it may take.
        """
        for line in command.split("\n"):
            self._child.sendline(line)
        # The lines before the last one of a here-document bring no prompt, for PS2 is empty.
        try:
            code = self._to_prompt(seconds)
        except pexpect.TIMEOUT:
            return f"did not end in {seconds:g} s: {_end(self._child.before or '')}"
        return "" if code == 0 else f"ended with {code}: {_end(self._child.before or '')}"

    def serve(self, command: str, url: str) -> str:
        """Type a command that serves, wait until it answers, and press Ctrl-C; what is wrong with it.

        Args:
            command: one command.
            url: what answers when it is ready.
        """
        self.begin(command, url)
        return self.end()

    def begin(self, command: str, url: str) -> str:
        """Type a command that serves, and wait until it answers; what is wrong with it.

        Args:
            command: one command.
            url: what answers when it is ready.
        """
        port = int(url.split(":")[2].partition("/")[0])
        if not until(lambda: listen_error(port, HOST) is None, TAKEN_SECONDS, pause=0.5):
            return f"port {port} is taken, and the pages print it: end the program that has it"
        said = ""
        self._child.sendline(command)
        late = time.monotonic() + BOOT_SECONDS
        while not answers(url):
            with suppress(pexpect.TIMEOUT):
                said += self._child.read_nonblocking(4096, 0.1)
            if ended := PROMPT.search(said):
                return f"ended with {ended[1]} and did not answer: {_end(said)}"
            if time.monotonic() > late:
                self._child.send(CTRL_C)
                return f"does not answer on {url}: {_end(said)}"
        return ""

    def end(self) -> str:
        """Press Ctrl-C; what is wrong with how the command ends."""
        self._child.send(CTRL_C)
        try:
            code = self._to_prompt(END_SECONDS)
        except pexpect.TIMEOUT:
            return f"goes on for {END_SECONDS:g} s after Ctrl-C: {_end(self._child.before or '')}"
        return "" if code in INTERRUPTED else f"ended with {code} after Ctrl-C: {_end(self._child.before or '')}"

    def _to_prompt(self, seconds: float) -> int:
        self._child.expect(PROMPT, timeout=seconds)
        return int(self._child.match[1])

    def __enter__(self) -> Shell:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End it, and what it runs."""
        self._child.send(CTRL_C)
        self._child.close(force=True)


def answers(url: str) -> bool:
    """Whether a server answers there.

    Args:
        url: any of its addresses.
    """
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=2) as response:
            return response.status == 200
    except (OSError, urllib.error.URLError):
        return False


def _end(said: str, length: int = 400) -> str:
    """The end of what a program wrote, in one line."""
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|<<<\d+>>>", "", said)
    return " ".join(plain.split())[-length:]
