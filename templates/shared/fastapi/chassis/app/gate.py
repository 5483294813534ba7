"""Waiting for a database, but not for one that is stuck."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.errors import UnavailableError

_GOOD_BYE = 0.2  # seconds


class Gate:
    """Lets a number of users in at a time, each for a limited time.

    Arguments:
        name: what is behind it, for the error.
        places: how many may be inside.
        seconds: how long each may stay; None if those inside end by themselves, with a
            `TimeoutError`.

    One time-out around both the queue and the work would give up under a burst that is only
    long; none around the queue would let those at its end wait for all the time-outs before
    them. So waiting is free, until somebody inside finds that nothing moves: then all who
    waited through that are told so at once.
    """

    def __init__(self, name: str, places: int, seconds: float | None) -> None:
        self._name = name
        self._places = asyncio.Semaphore(places)
        self._seconds = seconds
        self._stuck_at = 0.0

    @asynccontextmanager
    async def enter(self) -> AsyncIterator[None]:
        """Wait for a place and keep it for the block.

        Raises:
            UnavailableError: if the block takes too long, or another's did during the wait.
        """
        came = time.monotonic()
        async with self._places:
            if self._stuck_at >= came:
                raise UnavailableError(self._name)
            seconds = self._seconds
            try:
                # The inner one cancels what is stuck. A driver may then wait for a polite
                # good-bye of the server that does not answer; the outer one ends that, too.
                async with asyncio.timeout(seconds and seconds + _GOOD_BYE), asyncio.timeout(seconds):
                    yield
            except TimeoutError as error:
                self._stuck_at = time.monotonic()
                raise UnavailableError(self._name) from error
