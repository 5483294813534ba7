"""MongoDB: SecantusDB, which speaks its wire protocol, as a separate process from the wheel ``SecantusDB``."""

from __future__ import annotations

import os
import signal
import socket
import struct
from typing import ClassVar

from generator.services.ports import HOST
from generator.services.process import Child
from generator.services.service import LocalServer
from generator.services.tools import Tool, ensure, python_for

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
OP_MSG = 2013
HELLO = b"\x10hello\x00\x01\x00\x00\x00\x02$db\x00\x06\x00\x00\x00admin\x00\x00"


class MongoService(LocalServer):
    """A SecantusDB server; it makes a database at the first write to it."""

    choice: ClassVar[str] = "mongodb"

    def _prepare(self) -> None:
        self._python = python_for(SECANTUS)
        self._packages = ensure(SECANTUS, progress=self._progress, python=self._python)
        self.runs_on = f"{SECANTUS.name} {SECANTUS.version} (MongoDB wire protocol)"
        self._settings = self.folder / "secantusd.toml"
        self._settings.write_text("", encoding="utf-8")

    def _launch(self) -> Child:
        settings = {
            "--config": str(self._settings),  # or it would read one from the user's home
            "--host": HOST,
            "--port": str(self.port),
            "--storage-path": str(self.folder / "data"),
            "--cache-size": "256M",
        }
        # Without --sync-on-commit a killed server loses writes that it has acknowledged (seen: 20 of 300).
        arguments = [part for pair in settings.items() for part in pair] + ["--sync-on-commit"]
        return Child(
            [self._python, "-s", "-P", "-m", "secantus", *arguments],
            environment={
                "PATH": os.defpath,
                "HOME": str(self.folder),
                "PYTHONPATH": str(self._packages),
                "PYTHONDONTWRITEBYTECODE": "1",
                "LC_ALL": "C.UTF-8",
            },
            folder=self.folder,
            stdout=self.log,
            polite=signal.SIGKILL,
        )

    def _ready(self) -> bool:
        document = struct.pack("<i", len(HELLO) + 4) + HELLO
        body = struct.pack("<I", 0) + b"\x00" + document
        try:
            with socket.create_connection((HOST, self.port), timeout=2) as connection:
                connection.sendall(struct.pack("<iiii", 16 + len(body), 1, 0, OP_MSG) + body)
                return len(connection.recv(16)) > 0
        except OSError:
            return False

    def url(self, name: str) -> str:
        """The URL of the database of that name.

        Args:
            name: lower-case letters, digits and ``_``.
        """
        return f"mongodb://{HOST}:{self.port}/{name}"
