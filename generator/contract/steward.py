"""Holds the servers and services of a run, does what cases ask, and puts everything back after each.

It lives in the runner's process: whatever becomes of the process that runs the cases, servers end and services
come back.
"""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any

from generator.contract.hosting import Host, HostedServer, HostedService
from generator.contract.interruption import Watch, watch
from generator.contract.mails import later_ones
from generator.contract.records import SERVER_ENDED
from generator.errors import ScaffoldError
from generator.services.waiting import until

READY_SECONDS = 30.0
COMMAND_SECONDS = 60.0
LAST_WORDS_SECONDS = 2.0
SILENT_SECONDS = 10.0  # then a server that still runs is taken for one that hangs, and replaced

Environment = Mapping[str, str | None]


class Steward:
    """One run's servers: the main one, handle 0, and those that the running case booted.

    Raises:
        Exception: whatever the host raises when the main server does not start.
    """

    def __init__(self, host: Host) -> None:
        self._host = host
        self._servers: dict[int, HostedServer] = {}
        self._variants: dict[str, int] = {}
        self._last_handle = 0
        self._down: dict[str, set[str]] = {}
        self._lost = ""
        self._servers[0] = host.boot(ready=True, timeout=READY_SECONDS)

    def handlers(self) -> dict[str, Any]:
        """What a case may ask for, by name; see :class:`generator.contract.session.Session`."""
        return {
            "boot": self.boot,
            "variant": self.variant,
            "refuse": self.refuse,
            "server": self.server,
            "service": self.service,
            "service_log": self.service_log,
            "main": self.main,
            "restore": self.restore,
            "setting": self.setting,
            "contents": self.contents,
            "outline": self.outline,
            "blank_database": self.blank_database,
            "attempt": self.attempt,
            "mails": lambda known: later_ones(self._host.mails, known),
        }

    def main(self) -> dict[str, Any]:
        """Where the main server is."""
        return self._facts(0)

    def boot(self, env: Environment, fresh: bool, ready: bool) -> dict[str, Any]:
        """Start a further server; where it is."""
        environment = {**(self._fresh() if fresh else {}), **env}
        server = self._host.boot(environment, ready=ready, timeout=READY_SECONDS)
        self._last_handle += 1
        self._servers[self._last_handle] = server
        return self._facts(self._last_handle)

    def variant(self, env: Environment) -> dict[str, Any]:
        """A further server that later cases with the same settings share; where it is. An ended one is replaced."""
        key = json.dumps(dict(env), sort_keys=True)
        handle = self._variants.get(key)
        if handle is None or not self._runs(handle):
            if handle is not None:
                self._end(handle)
            self._variants[key] = self.boot(env, fresh=False, ready=True)["handle"]
        return self._facts(self._variants[key])

    def _runs(self, handle: int) -> bool:
        try:
            self._servers[handle].wait(0)
        except TimeoutError:
            return True
        return False

    def refuse(self, env: Environment, timeout: float) -> dict[str, Any]:
        """Start a server that should end by itself; its exit code, None if it did not, and its output."""
        server = self._host.launch(env)
        try:
            code: int | None = server.wait(timeout)
        except TimeoutError:
            code = None
        output = "\n".join([*server.stdout_lines(), server.stderr_text()])
        server.close()
        return {"code": code, "output": output}

    def server(self, handle: int, action: str, **arguments: Any) -> Any:
        """``terminate``, ``kill``, ``wait``, ``stdout_lines``, ``stderr_text`` or ``close`` of one server."""
        if action not in {"terminate", "kill", "wait", "stdout_lines", "stderr_text", "close"}:
            raise ValueError(f"no such action: {action}")
        if action == "close":
            return self._end(handle)
        return getattr(self._servers[handle], action)(**arguments)

    def service(self, name: str, action: str) -> None:
        """``stop``, ``start``, ``pause`` or ``resume`` the ``database`` or the ``cache``."""
        down = self._down.setdefault(name, set())
        service = self._service(name)
        if action == "stop":
            service.stop()
            down.add("stopped")
        elif action == "pause":
            service.pause()
            down.add("paused")
        elif action == "start":
            service.start()
            down.discard("stopped")
        elif action == "resume":
            service.resume()
            down.discard("paused")
        else:
            raise ValueError(f"no such action: {action}")

    def setting(self, name: str) -> str | None:
        """What the main server was given for a variable; None when it was given nothing."""
        return self._host.environment.get(name)

    def contents(self) -> list[tuple[str, str]]:
        """Every row of the main server's database, see :func:`generator.services.contents.contents`."""
        from generator.services.contents import contents

        return contents(self._host.environment["DATABASE_URL"])

    def outline(self, url: str) -> list[tuple[str, str]]:
        """What a migration made of a database, see :func:`generator.services.contents.outline`."""
        from generator.services.contents import outline

        return outline(url)

    def blank_database(self) -> str:
        """The DATABASE_URL of a new database without tables."""
        return self._host.fresh_database()

    def attempt(self, command: str, env: Environment, stop_at: int | None) -> dict[str, Any]:
        """Run one of the project's commands and watch what it makes of its database.

        Args:
            env: variables over the main server's; ``DATABASE_URL`` names the database that is watched.
            stop_at: kill it right after so many changes of the schema.

        Returns:
            ``code``, ``output``, ``seconds``, and ``changes``: how many there were.

        Raises:
            ScaffoldError: it did not end by itself in time.
        """
        began = time.monotonic()
        url = env.get("DATABASE_URL") or self._host.environment["DATABASE_URL"]
        with watch(url, stop_at) if stop_at is not None else Watch(url) as watched:
            given = {**env, "DATABASE_URL": watched.url}
            code, output = self._host.attempt(command, given, stop=watched.stopped, timeout=COMMAND_SECONDS)
            changes = watched.changes
        return {"code": code, "output": output, "seconds": time.monotonic() - began, "changes": changes}

    def service_log(self, name: str) -> str:
        """What the ``database`` or the ``cache`` has written to its outputs."""
        return self._service(name).log.read_text("utf-8", errors="replace")

    def restore(self, doubtful: bool = False) -> dict[str, Any]:
        """After a case: end the servers it booted, give services back, see that the main server is well.

        Args:
            doubtful: whether a connection broke, so that the main server may be about to end.

        Returns:
            ``main``: where the main server is now; ``problem``: what the case left broken, or an empty string.
        """
        for handle in set(self._servers) - {0, *self._variants.values()}:
            self._end(handle)
        touched = bool(self._down)
        for name, down in self._down.items():
            service = self._service(name)
            if "paused" in down:
                service.resume()
            if "stopped" in down:
                service.start()
        self._down.clear()
        problem = self._lost or self._ended(doubtful=doubtful) or (self._wait_ready() if touched else "")
        if problem and not self._lost:
            self._replace_main()
        return {"main": self._facts(0), "problem": problem}

    def close(self) -> None:
        """End every server; the main one may write what is left of its log. May be called twice."""
        if main := self._servers.pop(0, None):
            main.close(LAST_WORDS_SECONDS)
        for handle in list(self._servers):
            self._end(handle)

    def _service(self, name: str) -> HostedService:
        service = {"database": self._host.database, "cache": self._host.cache}[name]
        if service is None:
            raise ValueError(f"this project has no {name} server to stop: the case lacks needs=('{name}',)")
        return service

    def _fresh(self) -> dict[str, str]:
        fresh = {"DATABASE_URL": self._host.fresh_database()}
        if self._host.cache is not None:
            fresh["CACHE_URL"] = self._host.cache.fresh_url()
        self._host.migrate(fresh)
        return fresh

    def _end(self, handle: int) -> None:
        server = self._servers.pop(handle, None)
        if server is not None:
            server.kill()
            server.close()

    def _facts(self, handle: int) -> dict[str, Any]:
        server = self._servers[handle]
        return {"handle": handle, "url": server.url, "public_url": server.public_url, "pid": server.pid}

    def _replace_main(self) -> None:
        self._servers[0].kill()
        self._servers[0].close()
        try:
            self._servers[0] = self._host.boot(ready=True, timeout=READY_SECONDS)
        except ScaffoldError as error:
            self._lost = f"the server does not start any more: {error.message}"  # cases that are left fail at once

    def _ended(self, *, doubtful: bool) -> str:
        # A process that has closed its sockets may need a moment to end.
        silent = doubtful and not answers(self._servers[0].url, "/health")
        try:
            code = self._servers[0].wait(1.0 if silent else 0.0)
        except TimeoutError:
            hangs = silent and not self._answers_again()
            return f"the server answered nothing any more for {SILENT_SECONDS:.0f} s" if hangs else ""
        return f"{SERVER_ENDED}, exit code {code}"

    def _answers_again(self) -> bool:
        return until(lambda: answers(self._servers[0].url, "/health"), SILENT_SECONDS, pause=0.1)

    def _wait_ready(self) -> str:
        deadline = time.monotonic() + READY_SECONDS
        while not answers(self._servers[0].url, "/ready"):
            if time.monotonic() > deadline:
                return f"the server was not ready again {READY_SECONDS:.0f} s after its services came back"
            time.sleep(0.1)
        return ""


def answers(url: str, path: str) -> bool:
    """Whether a GET answers 200."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{url}{path}", timeout=3) as answer:
            return bool(answer.status == 200)
    except (OSError, ValueError, HTTPException):
        return False
