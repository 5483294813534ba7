"""Ends a command between two changes of the database's schema, as a power cut would.

A time-out does not do: the moments that matter last milliseconds. So the database is watched, and held still from the
change that was asked for until the command has been killed.
"""

from __future__ import annotations

import contextlib
import re
import socket
import sqlite3
import threading
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit, urlunsplit

# Statements of SQL and commands of MongoDB that change the schema.
CHANGE = re.compile(rb"\b(create|alter)\s+(unique\s+)?(table|index)\b|createIndexes\x00|\x02create\x00", re.IGNORECASE)


class Watch:
    """Counts the changes of a database's schema while a block runs.

    Attributes:
        url: what a command must be given so that its changes are seen.
        changes: how many there were so far.
        stopped: set at the change ``stop_at``; from then on nothing more can be written.
    """

    def __init__(self, url: str, stop_at: int | None = None) -> None:
        self.url, self.changes = url, 0
        self.stopped = threading.Event()
        self._stop_at = stop_at
        self._ended = threading.Event()

    def _saw(self, changes: int) -> None:
        self.changes += changes
        if self._stop_at is not None and self.changes >= self._stop_at:
            self.stopped.set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()


COUNT = "SELECT count(*) FROM sqlite_master"


class FileWatch(Watch):
    """SQLite: takes the lock for writing after every write of others, and looks at the schema."""

    @property
    def _file(self) -> str:
        return self.url.partition("///")[2]

    def __enter__(self) -> Self:
        with contextlib.closing(sqlite3.connect(self._file)) as database:
            self._known = database.execute(COUNT).fetchone()[0]
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)
        self._thread.join(10)

    def _look(self) -> None:
        database = sqlite3.connect(self._file, timeout=0.05, isolation_level=None)
        with contextlib.closing(database):
            version = None
            while not self._ended.wait(0.0005):
                version = self._count(database, version)
            self._count(database, version)  # what was written in the last moment

    def _count(self, database: sqlite3.Connection, version: int | None) -> int | None:
        """Count what is new since a version of the file; the version that was looked at."""
        try:
            newest = database.execute("PRAGMA data_version").fetchone()[0]
            if newest == version:
                return version
            database.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return version
        count = database.execute(COUNT).fetchone()[0]
        self._saw(max(0, count - self._known))
        self._known = count
        if self.stopped.is_set():
            self._ended.wait()
        database.execute("ROLLBACK")
        return int(newest)


class LineWatch(Watch):
    """A database server: passes everything on, and counts the statements in it that change the schema."""

    def __enter__(self) -> Self:
        parts = urlsplit(self.url)
        self._server = (parts.hostname or "", parts.port or 0)
        self._listener = socket.create_server(("127.0.0.1", 0))
        account, at, _ = parts.netloc.rpartition("@")
        here = f"127.0.0.1:{self._listener.getsockname()[1]}"
        # A driver of MongoDB would go on to the address that the server itself tells.
        more = "directConnection=true" if parts.scheme == "mongodb" else ""
        query = "&".join(filter(None, (parts.query, more)))
        self.url = urlunsplit(parts._replace(netloc=f"{account}{at}{here}", query=query))
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)
        for one in (self._listener, *self._open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        while not self._ended.is_set():
            try:
                client, _ = self._listener.accept()
                server = socket.create_connection(self._server, timeout=5)
            except OSError:
                return
            server.settimeout(None)
            self._open += [client, server]
            pending = _Pending()
            threading.Thread(target=self._up, args=(client, server, pending), daemon=True).start()
            threading.Thread(target=self._down, args=(server, client, pending), daemon=True).start()

    def _up(self, client: socket.socket, server: socket.socket, pending: _Pending) -> None:
        with contextlib.suppress(OSError):
            while data := client.recv(65536):
                pending.changes += len(CHANGE.findall(data))
                if self.stopped.is_set():
                    return
                server.sendall(data)
            server.shutdown(socket.SHUT_WR)

    def _down(self, server: socket.socket, client: socket.socket, pending: _Pending) -> None:
        with contextlib.suppress(OSError):
            while data := server.recv(65536):
                changes, pending.changes = pending.changes, 0
                self._saw(changes)
                if self.stopped.is_set():
                    return  # what has been done is done, and nobody hears of it
                client.sendall(data)
            client.shutdown(socket.SHUT_WR)


class _Pending:
    """Changes that were sent and not yet answered."""

    changes = 0


def watch(url: str, stop_at: int | None) -> Watch:
    """A watch for that kind of database.

    Args:
        url: of an SQLite file, or of a server that speaks without TLS.
        stop_at: the number of the change at which everything is to stop; never when None.
    """
    kind = FileWatch if urlsplit(url).scheme.startswith("sqlite") else LineWatch
    return kind(url, stop_at)
