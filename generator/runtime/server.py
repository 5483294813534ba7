"""One running server of a generated project."""

from __future__ import annotations

import http.client
import signal
import time
from pathlib import Path
from typing import Protocol

from generator.errors import ScaffoldError
from generator.services.process import Child, tail
from generator.services.waiting import until

PROBE_SECONDS = 2.0
BROKEN_SECONDS = 3.0


class Probes(Protocol):
    """Wants to know which requests are our own."""

    def expect(self, path: str) -> None:
        """One is about to be sent."""
        ...

    def forget(self, path: str) -> None:
        """It never got there."""
        ...


class Server:
    """A started project.

    Attributes:
        url: where it can be reached from here, without a slash at the end.
        public_url: the ``PUBLIC_URL`` it was given.
        host: the address it can be reached at.
        port: its port.
        stdout: the file its standard output goes to; None if it was not captured.
        stderr: the same for standard error.
        probes: told of each GET that is only asked to see whether it is up, if anyone wants to know.
    """

    probes: Probes | None = None

    def __init__(
        self,
        child: Child,
        *,
        host: str,
        port: int,
        public_url: str,
        stdout: Path | None = None,
        stderr: Path | None = None,
    ) -> None:
        """Wrap a process.

        Args:
            child: the process.
            host: the address it listens on.
            port: its port.
            public_url: its ``PUBLIC_URL``.
            stdout: the file its standard output goes to.
            stderr: the file its standard error goes to.
        """
        self._child = child
        self.host = host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
        self.port = port
        self.url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        self.public_url = public_url
        self.stdout = stdout
        self.stderr = stderr

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._child.pid

    @property
    def exit_code(self) -> int | None:
        """Its exit code, negative for a signal; None while it runs."""
        return self._child.exit_code

    @property
    def running(self) -> bool:
        """Whether it runs."""
        return self._child.running

    def terminate(self) -> None:
        """Ask it to end: SIGTERM, to the process alone."""
        self._child.send(signal.SIGTERM)

    def kill(self) -> None:
        """End it and everything below it with SIGKILL, and wait for that."""
        if self.running:
            self._child.end(signal.SIGKILL)

    def pause(self) -> None:
        """Make it hang (SIGSTOP)."""
        self._child.pause()

    def resume(self) -> None:
        """Let it go on after ``pause()``."""
        self._child.resume()

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end and return its exit code, negative for a signal.

        Args:
            timeout: seconds; for ever by default.

        Raises:
            TimeoutError: it still runs.
        """
        return self._child.wait(timeout)

    def close(self, timeout: float = 10.0) -> None:
        """End it: SIGTERM, and SIGKILL after a while; nothing if it has ended.

        Args:
            timeout: seconds it gets to end by itself.
        """
        if self.running:
            self._child.end(signal.SIGTERM, timeout=timeout)

    def stdout_lines(self) -> list[str]:
        """What it has written to standard output so far, whole lines only."""
        text = _text(self.stdout)
        return text[: text.rfind("\n") + 1].splitlines()

    def stderr_text(self) -> str:
        """What it has written to standard error so far."""
        return _text(self.stderr)

    def last_output(self) -> str:
        """The end of its output, for error messages."""
        parts = [tail(file) for file in (self.stdout, self.stderr) if file]
        return "\n".join(part for part in parts if part)

    def status(self, path: str, timeout: float = PROBE_SECONDS) -> int:
        """The status of a GET; 0 if there is no answer.

        Args:
            path: such as ``/health``.
            timeout: seconds.
        """
        if self.probes:
            self.probes.expect(path)
        connection = http.client.HTTPConnection(self.host, self.port, timeout=timeout)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException) as error:
            # One that was let in may be answered, and logged, long after we have given up.
            if self.probes and isinstance(error, ConnectionRefusedError):
                self.probes.forget(path)
            return 0
        finally:
            connection.close()

    def await_status(self, path: str, timeout: float) -> bool:
        """Wait until a GET answers 200; no longer than the server runs, or while it answers 500 over and over.

        Args:
            path: such as ``/ready``.
            timeout: seconds.
        """
        answered = False
        broken_since: float | None = None

        def settled() -> bool:
            nonlocal answered, broken_since
            status = self.status(path)
            answered = status == 200
            broken_since = (broken_since or time.monotonic()) if status == 500 else None
            broken = broken_since is not None and time.monotonic() - broken_since > BROKEN_SECONDS
            return answered or broken or not self.running

        until(settled, timeout, pause=0.05)
        return answered and self.running

    def __enter__(self) -> Server:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()


class BootError(ScaffoldError):
    """A project's server that did not come up.

    Attributes:
        server: the server, ended; its outputs can be read.
        ended: whether it ended by itself, with ``server.exit_code``.
    """

    def __init__(self, message: str, server: Server, *, ended: bool) -> None:
        """Describe it.

        Args:
            message: one line.
            server: the server.
            ended: whether it ended by itself.
        """
        super().__init__(message)
        self.server = server
        self.ended = ended
        self.output = "\n".join(filter(None, (_text(server.stdout).strip(), _text(server.stderr).strip())))


def await_boot(server: Server, *, ready: bool, timeout: float) -> None:
    """Wait for ``/health``, and for ``/ready`` if asked; a server that does not come up is ended.

    Args:
        server: a server just started.
        ready: wait for ``/ready``, too.
        timeout: seconds for both together.

    Raises:
        BootError: it ended, or did not answer in time; the message holds its last output.
    """
    paths = ["/health", "/ready"] if ready else ["/health"]
    if all(server.await_status(path, timeout) for path in paths):
        return
    ended = not server.running
    silent = f"did not answer {' and '.join(paths)} with 200 on {server.url}"
    what = f"ended with exit code {server.exit_code}" if ended else silent
    server.kill()
    said = " ".join(server.last_output().split())[-800:]
    unsaid = "it said nothing" if server.stderr else "its output is above"
    raise BootError(f"The project's server {what}: {said or unsaid}", server, ended=ended)


def _text(file: Path | None) -> str:
    return file.read_bytes().decode(errors="replace") if file and file.exists() else ""
