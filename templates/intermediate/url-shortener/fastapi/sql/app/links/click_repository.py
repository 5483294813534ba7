"""Clicks in the database."""

import time
from collections import Counter
from datetime import date

from sqlalchemy import bindparam, delete, func, select, update

from app.db import Transaction, insert
from app.ids import first_id_at
from app.links.link import ClickBatch, Clicks
from app.links.models import ClickBatchRow, ClicksRow, LinkRow

_REMEMBERED = 3600  # seconds for which a batch is recognised
_EPOCH = date(1970, 1, 1).toordinal()
_MOST = 100  # referrers


class ClickRepository:
    """Reads and writes clicks, within a transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._session = transaction

    async def add(self, batch: ClickBatch) -> None:
        """Count a batch, once.

        If a commit's answer gets lost, the batch comes again. Its id, written in the same
        transaction as its clicks, tells whether it is there already.
        """
        new = insert(ClickBatchRow).values(id=batch.id).on_conflict_do_nothing().returning(ClickBatchRow.id)
        if await self._session.scalar(new) is None:
            return
        old = ClickBatchRow.id < first_id_at(time.time() - _REMEMBERED)
        await self._session.execute(delete(ClickBatchRow).where(old))

        # In one order: two processes that update the same rows in different orders would wait
        # for each other.
        ordered = sorted(batch.clicks, key=lambda clicks: (clicks.link_id, clicks.day, clicks.host or ""))
        await self._add_to_links(ordered)
        await self._add_to_days(ordered)

    async def _add_to_links(self, ordered: list[Clicks]) -> None:
        totals: Counter[str] = Counter()
        for clicks in ordered:
            totals[clicks.link_id] += clicks.number
        statement = (
            update(LinkRow)
            .where(LinkRow.id == bindparam("link"))
            .values(clicks=LinkRow.clicks + bindparam("number"))
        )
        # On the connection, and not by the session, which would read the rows back.
        connection = await self._session.connection()
        await connection.execute(
            statement, [{"link": link, "number": number} for link, number in totals.items()]
        )

    async def _add_to_days(self, ordered: list[Clicks]) -> None:
        rows = [
            {
                "link_id": clicks.link_id,
                "day": date.fromordinal(_EPOCH + clicks.day),
                "host": clicks.host or "",
                "clicks": clicks.number,
            }
            for clicks in ordered
        ]
        upsert = insert(ClicksRow)
        await self._session.execute(
            upsert.on_conflict_do_update(
                index_elements=[ClicksRow.link_id, ClicksRow.day, ClicksRow.host],
                set_={"clicks": ClicksRow.clicks + upsert.excluded.clicks},
            ),
            rows,
        )

    async def total(self, link_id: str) -> int:
        """Return all clicks of a link."""
        return await self._session.scalar(select(LinkRow.clicks).where(LinkRow.id == link_id)) or 0

    async def per_day(self, link_id: str, first: date) -> dict[date, int]:
        """Return the clicks of each day since, those without clicks left out."""
        statement = (
            select(ClicksRow.day, func.sum(ClicksRow.clicks))
            .where(ClicksRow.link_id == link_id, ClicksRow.day >= first)
            .group_by(ClicksRow.day)
        )
        return {day: int(number) for day, number in await self._session.execute(statement)}

    async def referrers(self, link_id: str, first: date) -> list[tuple[str | None, int]]:
        """Return the hosts with the most clicks since, None for visits without one."""
        number = func.sum(ClicksRow.clicks)
        statement = (
            select(ClicksRow.host, number)
            .where(ClicksRow.link_id == link_id, ClicksRow.day >= first)
            .group_by(ClicksRow.host)
            .order_by(number.desc(), ClicksRow.host)
            .limit(_MOST)
        )
        return [(host or None, int(number)) for host, number in await self._session.execute(statement)]

    async def forget(self, link_ids: list[str]) -> None:
        """Delete the clicks of links that are deleted."""
        await self._session.execute(delete(ClicksRow).where(ClicksRow.link_id.in_(link_ids)))
