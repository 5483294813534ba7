"""Throw-away database and cache servers on loopback, for runs and proofs without containers."""

from __future__ import annotations

import threading
from pathlib import Path

from generator.errors import ScaffoldError
from generator.services.service import Service
from generator.services.tools import Progress, silent

SERVED = ("postgresql", "mongodb", "redis")

__all__ = ["SERVED", "Progress", "Service", "ServicePool", "provide"]


def provide(choice: str, *, progress: Progress = silent, folder: Path | None = None) -> Service:
    """A running server for a choice; its program is fetched first if need be.

    Args:
        choice: ``postgresql``, ``mongodb`` or ``redis``.
        progress: told what takes long.
        folder: keeps the data for the next time; by default they go with the server.

    Raises:
        ScaffoldError: the choice needs no server, or the server cannot be had or started.
    """
    service = _make(choice, progress, folder)
    try:
        service.start()
    except BaseException:
        service.close()
        raise
    return service


def _make(choice: str, progress: Progress, folder: Path | None) -> Service:
    """The server of a choice, not started; only its own module is imported."""
    match choice:
        case "postgresql":
            from generator.services.postgresql import PostgresService

            return PostgresService(progress=progress, folder=folder)
        case "mongodb":
            from generator.services.mongodb import MongoService

            return MongoService(progress=progress, folder=folder)
        case "redis":
            from generator.services.redis import RedisService

            return RedisService(progress=progress, folder=folder)
        case _:
            raise ScaffoldError(
                f"There is no throw-away server for {choice!r}", f"There is one for {', '.join(SERVED)}"
            )


class ServicePool:
    """Each server at most once, shared by many stacks; several threads may ask."""

    def __init__(self, *, progress: Progress = silent) -> None:
        """An empty pool.

        Args:
            progress: told what takes long.
        """
        self._progress = progress
        self._services: dict[str, Service] = {}
        self._lock = threading.Lock()

    def get(self, choice: str) -> Service:
        """The running server of a choice; started again if someone stopped or paused it.

        Args:
            choice: ``postgresql``, ``mongodb`` or ``redis``.

        Raises:
            ScaffoldError: it cannot be had or started.
        """
        with self._lock:
            if choice not in self._services:
                self._services[choice] = provide(choice, progress=self._progress)
            self._services[choice].start()
            return self._services[choice]

    def close(self) -> None:
        """Close them all; the pool may be used again."""
        while self._services:
            self._services.popitem()[1].close()

    def __enter__(self) -> ServicePool:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close all."""
        self.close()
