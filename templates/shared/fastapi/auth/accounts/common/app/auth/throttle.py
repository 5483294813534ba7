"""Slows down clients that guess passwords."""

import asyncio
import math
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from fastapi import FastAPI, HTTPException

WINDOW = 60  # seconds
PER_ADDRESS = 5
PER_CLIENT = 20
CLIENTS = 10_000  # known before those without recent failures are forgotten


@dataclass
class Client:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    failures: list[tuple[float, str]] = field(default_factory=list)  # when, and for which address


class LoginThrottle:
    """Counts failed log-ins of one client, by address and over all addresses, in the memory of this process.

    They are never counted by address alone: a stranger could then lock the owner out by failing in their
    name.
    """

    def __init__(self) -> None:
        self._clients: dict[str, Client] = {}

    @asynccontextmanager
    async def attempt(self, client_name: str, address: str) -> AsyncIterator[None]:
        """Raise 429, or run the block and count it as a failure if it raises 401."""
        self._forget_idle_clients()
        client = self._clients.setdefault(client_name, Client())
        # One after the other. Of fifty guesses sent together, each would otherwise see that none has failed
        # yet.
        async with client.lock:
            self._check(client, address)
            try:
                yield
            except HTTPException as error:
                if error.status_code == 401:
                    client.failures.append((time.monotonic(), address))
                raise

    def _check(self, client: Client, address: str) -> None:
        now = time.monotonic()
        client.failures = [failure for failure in client.failures if failure[0] > now - WINDOW]
        everywhere = [moment for moment, _ in client.failures]
        here = [moment for moment, failed in client.failures if failed == address]
        for failures, limit in ((here, PER_ADDRESS), (everywhere, PER_CLIENT)):
            if len(failures) >= limit:
                seconds = max(1, math.ceil(failures[-limit] + WINDOW - now))
                wait = {"Retry-After": str(seconds)}
                raise HTTPException(429, "Too many failed log-ins; try again later.", wait)

    def _forget_idle_clients(self) -> None:
        if len(self._clients) > CLIENTS:
            start = time.monotonic() - WINDOW
            self._clients = {
                name: client
                for name, client in self._clients.items()
                if client.lock.locked() or any(moment > start for moment, _ in client.failures)
            }


@asynccontextmanager
async def login_throttle(app: FastAPI) -> AsyncIterator[None]:
    app.state.login_throttle = LoginThrottle()
    yield
