"""MongoDB: SecantusDB, which speaks its wire protocol, as a separate process from the wheel ``SecantusDB``."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import socket
import struct
from pathlib import Path
from typing import ClassVar

from generator.errors import ScaffoldError
from generator.services.folders import cache_folder, locked
from generator.services.ports import HOST, free_port
from generator.services.process import Child, run
from generator.services.service import LocalServer
from generator.services.tools import Tool, ensure, python_for
from generator.services.waiting import until

SECANTUS = Tool(
    name="SecantusDB",
    version="0.7.0b3",
    requirements=(
        "SecantusDB==0.7.0b3",
        "dnspython==2.9.2",
        "future==1.0.0",
        "numpy==2.4.6",
        "pymongo==4.20.0",
        "python-dateutil==4.0.0",
        "s2sphere==0.2.5",
        "shapely==2.2.0",
        "tzdata==2026.6",
    ),
    megabytes=25,
    pythons=((3, 11), (3, 13)),
)
ROLE = "app"  # reads and writes databases, and has no rights over the server; there is no other user
ROLES = ["readWriteAnyDatabase", "dbAdminAnyDatabase", "clusterMonitor"]  # the last only reads; it lists databases
BOOT_SECONDS = 30.0
COMMAND_SECONDS = 30.0
_MAKE_ROLE = """
import json, os, sys
from pymongo import MongoClient
wanted = json.loads(os.environ["WANTED"])
with MongoClient("127.0.0.1", wanted["port"], serverSelectionTimeoutMS=5000) as client:
    client.admin.command("createUser", wanted["user"], pwd=wanted["password"], roles=wanted["roles"])
"""
OP_MSG = 2013
HELLO = b"\x10hello\x00\x01\x00\x00\x00\x02$db\x00\x06\x00\x00\x00admin\x00\x00"


class MongoService(LocalServer):
    """A SecantusDB server; it makes a database at the first write to it. Its only user has no rights over it."""

    choice: ClassVar[str] = "mongodb"

    def _prepare(self) -> None:
        self._python = python_for(SECANTUS)
        self._packages = ensure(SECANTUS, progress=self._progress, python=self._python)
        self.runs_on = f"{SECANTUS.name} {SECANTUS.version} (MongoDB wire protocol)"
        self._settings = self.folder / "secantusd.toml"
        self._settings.write_text("", encoding="utf-8")
        self._data = self.folder / "data"
        password = self.folder / "password"
        if not password.exists():
            if not self._data.exists():
                shutil.copytree(self._template(), self.folder, dirs_exist_ok=True)
            else:  # of a version in which everybody was let in
                self._make_role(self.folder)
        self._password = password.read_text(encoding="ascii")

    def _template(self) -> Path:
        """A data folder with the role in it, and its password; made once, since a server has to be started for it."""
        kept = cache_folder() / "data"
        kept.mkdir(exist_ok=True)
        kept.chmod(0o711)
        template = kept / f"secantus-{SECANTUS.version}"
        with locked(kept / f".{template.name}.lock"):
            if not template.is_dir():
                self._progress("Preparing the document store (once)")
                new = template.with_name(f".{template.name}.new")
                shutil.rmtree(new, ignore_errors=True)
                new.mkdir(mode=0o700)
                try:
                    self._make_role(new)
                    new.rename(template)
                finally:
                    shutil.rmtree(new, ignore_errors=True)
        return template

    def _make_role(self, folder: Path) -> None:
        """Make the role in a data folder: a server that lets everybody in is asked for it, and ended."""
        password = secrets.token_urlsafe(24)
        port = free_port()
        child = self._server(folder / "data", port)
        try:
            if not until(lambda: _answers(port) or not child.running, BOOT_SECONDS):
                raise ScaffoldError(f"The throw-away mongodb server does not answer; see {self.log}")
            wanted = {"port": port, "user": ROLE, "password": password, "roles": ROLES}
            answer = run(
                [self._python, "-s", "-P", "-c", _MAKE_ROLE],
                environment={**self._environment(), "WANTED": json.dumps(wanted)},
                folder=self.folder,
                timeout=COMMAND_SECONDS,
            )
        except TimeoutError as error:
            raise ScaffoldError(f"The throw-away mongodb server: {' '.join(str(error).split())}") from error
        finally:
            child.end()
        if answer.returncode:
            said = " ".join(answer.stderr.split())[-300:]
            raise ScaffoldError(f"The throw-away mongodb server could not be prepared: {said}")
        file = folder / "password"
        file.touch(mode=0o600)
        file.write_text(password, encoding="ascii")

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": os.defpath,
            "HOME": str(self.folder),
            "PYTHONPATH": str(self._packages),
            "PYTHONDONTWRITEBYTECODE": "1",
            "LC_ALL": "C.UTF-8",
        }

    def _launch(self) -> Child:
        return self._server(self._data, self.port, "--auth")

    def _server(self, data: Path, port: int, *more: str) -> Child:
        settings = {
            "--config": str(self._settings),  # or it would read one from the user's home
            "--host": HOST,
            "--port": str(port),
            "--storage-path": str(data),
            "--cache-size": "256M",
        }
        # Without --sync-on-commit a killed server loses writes that it has acknowledged (seen: 20 of 300).
        arguments = [*(part for pair in settings.items() for part in pair), "--sync-on-commit", *more]
        return Child(
            [self._python, "-s", "-P", "-m", "secantus", *arguments],
            environment=self._environment(),
            folder=self.folder,
            stdout=self.log,
            polite=signal.SIGKILL,
        )

    def _ready(self) -> bool:
        return _answers(self.port)

    def url(self, name: str) -> str:
        """The URL of the database of that name.

        Args:
            name: lower-case letters, digits and ``_``.
        """
        return f"mongodb://{ROLE}:{self._password}@{HOST}:{self.port}/{name}?authSource=admin"


def _answers(port: int) -> bool:
    """Whether a server says hello, which it does before anybody logs in."""
    document = struct.pack("<i", len(HELLO) + 4) + HELLO
    body = struct.pack("<I", 0) + b"\x00" + document
    try:
        with socket.create_connection((HOST, port), timeout=2) as connection:
            connection.sendall(struct.pack("<iiii", 16 + len(body), 1, 0, OP_MSG) + body)
            return len(connection.recv(16)) > 0
    except OSError:
        return False
