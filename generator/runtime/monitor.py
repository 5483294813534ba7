"""Tells when a server that we provide is gone."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

from generator.services import Service

LOOK_SECONDS = 0.5


class Monitor:
    """A thread that looks after servers; a context manager."""

    def __init__(self, services: Mapping[str, Service], show: Callable[[str], None]) -> None:
        """Remember them.

        Args:
            services: by option, such as ``database``.
            show: prints a line for people.
        """
        self._services = dict(services)
        self._show = show
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Monitor:
        """Begin to look, if there is anything to look at."""
        if self._services:
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Look no longer: what ends from now on is ended by us."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while self._services and not self._ended.wait(LOOK_SECONDS):
            for option, service in list(self._services.items()):
                if not service.running:
                    del self._services[option]
                    self._show(
                        f"The {option}'s server ({service.runs_on} on port {service.port}) has ended, and not by us. "
                        "Ctrl-C and a new 'scaffold run' start it again."
                    )
