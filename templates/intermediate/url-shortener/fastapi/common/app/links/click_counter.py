"""Counts clicks without making any redirect wait for it."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from fastapi import FastAPI

from app.database import open_db
from app.links.stats import write_clicks

logger = logging.getLogger(__name__)

INTERVAL = 0.5  # seconds between two writes
BATCH = 200  # rows in one write; more might not be done before the database's time-out
CAPACITY = 50_000  # rows waiting, about 10 MB
SHUTDOWN = 3.5  # seconds for what is left; with those for open requests, less than 10

Visits = dict[tuple[UUID, date, str], int]  # their number by link, day and host of the referrer


class ClickCounter:
    """Adds clicks up in memory and writes the sums twice a second.

    With a write a click, each redirect would wait for the database, and all visitors of a popular link for
    its row. The price: a crash, unlike a shutdown, loses the clicks of the last half second.
    """

    def __init__(self, write: Callable[[UUID, Visits], Awaitable[None]]) -> None:
        self._write = write
        self._waiting: Counter[tuple[UUID, date, str]] = Counter()
        self._batch: tuple[UUID, Visits] | None = None
        self._stopping = asyncio.Event()

    def count(self, link_id: UUID, host: str) -> None:
        today = datetime.now(UTC).date()
        if len(self._waiting) >= CAPACITY and (link_id, today, host) not in self._waiting:
            host = ""  # the database has been away for long, and anyone can invent hosts: count without them
            if len(self._waiting) >= 2 * CAPACITY:
                return
        self._waiting[link_id, today, host] += 1

    async def run(self) -> None:
        """Write until `stop`, and then what is left."""
        # It is not ended by a cancellation, which could strike between a commit and the reply to it.
        while not self._stopping.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), INTERVAL)
            await self.flush()
        await self.flush()  # once more: an outage may be just over

    async def stop(self, running: asyncio.Task[None]) -> None:
        """Write what is left, unless the database takes too long."""
        self._stopping.set()
        await asyncio.wait({running}, timeout=SHUTDOWN)
        left = self._waiting.total() + sum(self._batch[1].values() if self._batch else ())
        if left:
            logger.error("%d clicks are lost: the database is not available", left)

    async def flush(self) -> bool:
        """Write all that waits; False if the database did not take it."""
        try:
            while self._batch or self._waiting:
                keys = list(self._waiting)[:BATCH]
                self._batch = self._batch or (uuid4(), {key: self._waiting.pop(key) for key in keys})
                await self._write(*self._batch)
                self._batch = None
        except Exception:
            # The batch stays, under its id. It may have been written and only the reply got lost: the
            # database recognises the id then, and counts nothing twice.
            logger.warning("clicks could not be written; they are kept", exc_info=True)
            return False
        return True


@asynccontextmanager
async def click_counter(app: FastAPI) -> AsyncIterator[None]:
    async def write(batch_id: UUID, visits: Visits) -> None:
        async with open_db(app) as db:
            await write_clicks(db, batch_id, visits)

    counter = app.state.click_counter = ClickCounter(write)
    running = asyncio.create_task(counter.run())
    yield
    await counter.stop(running)
