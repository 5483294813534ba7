"""Slowing down who guesses passwords."""

import asyncio
import math
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from fastapi import FastAPI

from app.errors import ProblemError

_WINDOW = 60  # seconds
_PER_ADDRESS = 5
_PER_CLIENT = 20
_CLIENTS = 10_000  # remembered before those without recent failures are forgotten


@dataclass(slots=True)
class _Client:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    failures: list[tuple[float, str]] = field(default_factory=list)


class LoginThrottle:
    """Counts failed log-ins by client and address, and by client alone.

    By client, and never by address alone: else anybody could shut an owner out by failing in
    the owner's name. In the memory of this process; several processes allow several times as many.
    """

    def __init__(self) -> None:
        self._clients: dict[str, _Client] = {}

    @asynccontextmanager
    async def attempt(self, client: str, address: str) -> AsyncIterator[None]:
        """Guard an attempt: raise 429, or count it if it ends in a 401.

        The attempts of one client go one after the other: of fifty sent at once, fifty would
        pass a check that is made before the first has failed.
        """
        self._forget()
        record = self._clients.setdefault(client, _Client())
        async with record.lock:
            self._check(record, address)
            try:
                yield
            except ProblemError as problem:
                if problem.status == 401:
                    record.failures.append((time.monotonic(), address))
                raise

    def _check(self, record: _Client, address: str) -> None:
        now = time.monotonic()
        record.failures = [failure for failure in record.failures if failure[0] > now - _WINDOW]
        everywhere = [moment for moment, _ in record.failures]
        here = [moment for moment, failed in record.failures if failed == address]
        for failures, limit in ((here, _PER_ADDRESS), (everywhere, _PER_CLIENT)):
            if len(failures) >= limit:
                wait = math.ceil(failures[-limit] + _WINDOW - now)
                headers = {"Retry-After": str(max(wait, 1))}
                raise ProblemError(429, "Too many failed log-ins; try again later.", headers=headers)

    def _forget(self) -> None:
        if len(self._clients) > _CLIENTS:
            limit = time.monotonic() - _WINDOW
            self._clients = {
                client: record
                for client, record in self._clients.items()
                if record.lock.locked() or any(moment > limit for moment, _ in record.failures)
            }


@asynccontextmanager
async def login_throttling(app: FastAPI) -> AsyncIterator[None]:
    """Keep one throttle for the life of the application."""
    app.state.login_throttle = LoginThrottle()
    yield
