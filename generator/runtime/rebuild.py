"""Reload for what has to be compiled: builds a project again when a source changes, and starts its server again.

A program of its own, run by its file: ``rebuild.py JSON`` with ``{"build": […], "start": […], "sources": […]}``. It
imports the standard library alone. A build that fails leaves the old server running; a server that ends is started
again by the next change.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

POLL_SECONDS = 0.3
GRACE_SECONDS = 8.0  # less than what a command with reload gets to end

State = dict[Path, tuple[int, int]]


class Rebuilder:
    """The server of a project, and what is done about a change.

    Args:
        build: compiles; ends with 0 when it could.
        start: the server, of what was compiled.
        sources: files and folders whose changes count.
    """

    def __init__(self, build: list[str], start: list[str], sources: list[str]) -> None:
        self._build, self._start = build, start
        self._sources = [Path(source) for source in sources]
        self._server: subprocess.Popen[bytes] | None = None
        self._building: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        """Compile what has changed since the last time, start, and go on until SIGTERM."""
        signal.signal(signal.SIGTERM, lambda *_: self._leave())
        built = self._state()
        self._compile(built, "Compiling")
        ended = False
        while True:
            time.sleep(POLL_SECONDS)
            code = self._server.poll() if self._server else None
            if code is not None and not ended:
                ended = True
                print(f"The server ended with exit code {code}. Waiting for a change", flush=True)
            if (state := self._state()) != built:
                built = self._settled(state)
                self._compile(built, "Something has changed: compiling")
                ended = False

    def _compile(self, state: State, words: str) -> None:
        print(words, flush=True)
        self._building = subprocess.Popen(self._build, stdin=subprocess.DEVNULL)
        code = self._building.wait()
        self._building = None
        if code == 0:
            self._end(self._server)
            self._server = subprocess.Popen(self._start, stdin=subprocess.DEVNULL)
        else:
            old = "the server runs on as it was" if self._server and self._server.poll() is None else "nothing runs"
            print(f"Not compiled, so {old}. Waiting for a change", flush=True)

    def _state(self) -> State:
        """When each source was written, and how large it is."""
        found: State = {}
        for source in self._sources:
            for path in [source, *(source.rglob("*") if source.is_dir() else ())]:
                with suppress(OSError):
                    facts = path.stat()
                    found[path] = facts.st_mtime_ns, facts.st_size
        return found

    def _settled(self, state: State) -> State:
        """The same when nothing changes any more: an editor may save several files one after another."""
        while True:
            time.sleep(POLL_SECONDS)
            later = self._state()
            if later == state:
                return state
            state = later

    def _end(self, process: subprocess.Popen[bytes] | None) -> None:
        if process and process.poll() is None:
            process.terminate()
            try:
                process.wait(GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _leave(self) -> None:
        for process in (self._building, self._server):
            with suppress(OSError):
                self._end(process)
        sys.exit(0)


if __name__ == "__main__":
    Rebuilder(**json.loads(sys.argv[1])).run()
