"""The line between the process that runs the cases and the one that holds servers and services.

Requests and answers are JSON over sockets that have no address: each comes from one that both ends were born with.
Servers live on the other side, so a case that crashes or hangs its own process takes nothing with it.
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

Handlers = Mapping[str, Callable[..., Any]]


class StewardError(RuntimeError):
    """What a case asked for could not be done, such as a server that did not become ready."""


class Control:
    """The asking end. Threads may ask at the same time: each has a connection of its own.

    Args:
        line: the other end is a :class:`Switchboard`'s.
    """

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._local = threading.local()

    def call(self, method: str, **arguments: Any) -> Any:
        """Ask and wait for the answer.

        Raises:
            TimeoutError: what was waited for did not happen in time.
            StewardError: it could not be done.
        """
        own: Connection[Any, Any] | None = getattr(self._local, "own", None)
        if own is None:
            own = self._local.own = self._connected()
        own.send_bytes(json.dumps([method, arguments]).encode())
        answer = json.loads(own.recv_bytes())
        if "error" not in answer:
            return answer["result"]
        if answer["error"] == "TimeoutError":
            raise TimeoutError(answer["message"])
        raise StewardError(answer["message"])

    def _connected(self) -> Connection[Any, Any]:
        """A connection for this thread: we make both ends, and hand one over."""
        here, there = socket.socketpair()
        with there:
            socket.send_fds(self._line, [b"."], [there.fileno()])
        return Connection(here.detach())


class Switchboard:
    """The answering end: one thread a connection, each request one call of the handler of that name."""

    def __init__(self, line: socket.socket, handlers: Handlers) -> None:
        self._line, self._handlers = line, handlers
        threading.Thread(target=self._accept, name="contract-control", daemon=True).start()

    def close(self) -> None:
        """Take no more calls."""
        with suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                data, handed, _, _ = socket.recv_fds(self._line, 1, 1)
                if not data:
                    return
                for number in handed:
                    connection: Connection[Any, Any] = Connection(number)
                    threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: Connection[Any, Any]) -> None:
        with connection, suppress(OSError, EOFError):
            while True:
                method, arguments = json.loads(connection.recv_bytes())
                connection.send_bytes(json.dumps(self._answer(method, arguments)).encode())

    def _answer(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        try:
            return {"result": self._handlers[method](**arguments)}
        except Exception as error:
            kind = "TimeoutError" if isinstance(error, TimeoutError) else "StewardError"
            return {"error": kind, "message": str(error) or type(error).__name__}
