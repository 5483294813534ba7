"""The line between the process that runs the cases and the one that holds servers and services.

Requests and answers are JSON over a local socket that only the holder of the key may use. Servers live on the
other side, so a case that crashes or hangs its own process takes nothing with it.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client as Dial
from multiprocessing.connection import Connection, Listener
from typing import Any


class StewardError(RuntimeError):
    """What a case asked for could not be done, such as a server that did not become ready."""


class Control:
    """The asking end. Threads may ask at the same time: each has a connection of its own."""

    def __init__(self, address: str, key: str) -> None:
        self._address, self._key = address, key.encode()
        self._local = threading.local()

    def call(self, method: str, **arguments: Any) -> Any:
        """Ask and wait for the answer.

        Raises:
            TimeoutError: what was waited for did not happen in time.
            StewardError: it could not be done.
        """
        line: Connection[Any, Any] | None = getattr(self._local, "line", None)
        if line is None:
            line = self._local.line = Dial(self._address, authkey=self._key)
        line.send_bytes(json.dumps([method, arguments]).encode())
        answer = json.loads(line.recv_bytes())
        if "error" not in answer:
            return answer["result"]
        if answer["error"] == "TimeoutError":
            raise TimeoutError(answer["message"])
        raise StewardError(answer["message"])


class Switchboard:
    """The answering end: one thread a connection, each request one call of the handler of that name."""

    def __init__(self, address: str, key: str, handlers: dict[str, Callable[..., Any]]) -> None:
        self._listener = Listener(address, authkey=key.encode())
        self._handlers = handlers
        self._open = True
        threading.Thread(target=self._accept, name="contract-control", daemon=True).start()

    def close(self) -> None:
        """Take no more calls."""
        self._open = False
        self._listener.close()

    def _accept(self) -> None:
        while self._open:
            try:
                line = self._listener.accept()
            except (OSError, EOFError, AuthenticationError):
                continue  # a caller without the key, or the end: the loop's condition tells which
            threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: Connection[Any, Any]) -> None:
        while True:
            try:
                method, arguments = json.loads(line.recv_bytes())
                answer = self._answer(method, arguments)
                line.send_bytes(json.dumps(answer).encode())
            except (OSError, EOFError):
                return

    def _answer(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        try:
            return {"result": self._handlers[method](**arguments)}
        except Exception as error:
            kind = "TimeoutError" if isinstance(error, TimeoutError) else "StewardError"
            return {"error": kind, "message": str(error) or type(error).__name__}
