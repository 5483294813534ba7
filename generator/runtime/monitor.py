"""Tells when a server that a project needs is gone: one that we provide, or one that its settings name."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from generator.runtime.settings import port_of, reachable
from generator.services import Service

LOOK_SECONDS = 0.5
# A server that is only restarted is not announced.
ASK_SECONDS, MISSES = 2.0, 2


class Monitor:
    """A thread that looks after servers; a context manager."""

    def __init__(
        self, services: Mapping[str, Service], addresses: Mapping[str, str], show: Callable[[str], None]
    ) -> None:
        """Remember them.

        Args:
            services: those that we provide, by option, such as ``database``.
            addresses: URLs of those that are somebody else's, by option.
            show: prints a line for people.
        """
        self._services = dict(services)
        self._addresses = {option: url for option, url in addresses.items() if port_of(url)}
        self._misses = dict.fromkeys(self._addresses, 0)
        self._show = show
        self._ended = threading.Event()
        self._threads = [
            threading.Thread(target=look, daemon=True)
            for look, watched in ((self._look, self._services), (self._ask, self._addresses))
            if watched
        ]

    def __enter__(self) -> Monitor:
        """Begin to look, if there is anything to look at."""
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Look no longer: what ends from now on is ended by us."""
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def _look(self) -> None:
        """Whether the processes that we have started are there."""
        while self._services and not self._ended.wait(LOOK_SECONDS):
            for option, service in list(self._services.items()):
                if not service.running:
                    del self._services[option]
                    self._show(
                        f"The {option}'s server ({service.runs_on} on port {service.port}) has ended, and not by us. "
                        "Ctrl-C and a new 'scaffold run' start it again."
                    )

    def _ask(self) -> None:
        """Whether somebody listens where the settings say."""
        while not self._ended.wait(ASK_SECONDS):
            for option, url in self._addresses.items():
                # Without user and password.
                where = f"The {option}'s server at {urlsplit(url).hostname}:{port_of(url)}"
                if not reachable(url):
                    self._misses[option] += 1
                    if self._misses[option] == MISSES and not self._ended.is_set():
                        self._show(f"{where} does not answer any more. Start it again, and the project goes on.")
                else:
                    if self._misses[option] >= MISSES:
                        self._show(f"{where} answers again.")
                    self._misses[option] = 0
