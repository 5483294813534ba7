"""Counting clicks without making anyone wait for it."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.db import Database
from app.errors import UnavailableError
from app.ids import new_id
from app.links.click_repository import ClickRepository
from app.links.link import ClickBatch, Clicks

_log = logging.getLogger(__name__)

_INTERVAL = 0.5  # seconds between two writes
_BATCH = 1_000  # entries in one write; more would not be done before the database's time-out
_CAPACITY = 50_000  # entries waiting, about 10 MB
_LAST_TRIES = 3  # at shutdown, each bounded by the database's time-out
_DAY = 86_400


class ClickCounter:
    """Sums up clicks in memory, and writes the sums twice a second.

    One write a click would make each redirect wait for the database, and a popular link's row
    a queue. The price is that a crash, unlike a shutdown, loses the clicks of the last moment.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: Counter[tuple[str, int, str | None]] = Counter()
        self._batch: ClickBatch | None = None
        self._stopping = asyncio.Event()

    def count(self, link_id: str, host: str | None) -> None:
        """Count one visit."""
        key = (link_id, int(time.time()) // _DAY, host)
        if len(self._waiting) >= _CAPACITY and key not in self._waiting:
            # The database has been away for long and hosts are free to invent: go on
            # counting visits of known links, without their hosts.
            key = (link_id, key[1], None)
            if key not in self._waiting and len(self._waiting) >= 2 * _CAPACITY:
                return
        self._waiting[key] += 1

    def start(self) -> None:
        """Write from now on, beside the requests."""
        self._writing = asyncio.create_task(self._write())

    async def close(self) -> None:
        """Write what is left, and stop."""
        # Not by cancellation: that could strike between a commit and its acknowledgement.
        self._stopping.set()
        await self._writing

    async def _write(self) -> None:
        while not self._stopping.is_set():
            try:
                await asyncio.wait_for(self._stopping.wait(), _INTERVAL)
            except TimeoutError:
                await self._flush()
        for _ in range(_LAST_TRIES):
            if await self._flush():
                return
        lost = self._waiting.total() + sum(
            clicks.number for clicks in (self._batch.clicks if self._batch else ())
        )
        _log.error("%d clicks are lost: the database is not available", lost)

    async def _flush(self) -> bool:
        try:
            while batch := self._next_batch():
                async with self._database.writing() as transaction:
                    await ClickRepository(transaction).add(batch)
                self._batch = None
        except UnavailableError:
            # The batch stays, under its id. Whether it was written and only the answer got
            # lost, nobody knows; the repository recognises the id if it was.
            return False
        except Exception:
            _log.exception("clicks could not be written")
            return False
        return True

    def _next_batch(self) -> ClickBatch | None:
        if self._batch is None and self._waiting:
            keys = list(self._waiting)[:_BATCH]
            clicks = [Clicks(*key, number=self._waiting.pop(key)) for key in keys]
            self._batch = ClickBatch(new_id(), clicks)
        return self._batch


@asynccontextmanager
async def click_counting(app: FastAPI) -> AsyncIterator[None]:
    """Count while the application runs, and write what is left at its end."""
    counter = app.state.click_counter = ClickCounter(app.state.database)
    counter.start()
    try:
        yield
    finally:
        await counter.close()
