"""Clicks in the database."""

from datetime import date, timedelta

from pymongo import UpdateOne
from pymongo.errors import BulkWriteError

from app.db import Document, Transaction
from app.links.link import ClickBatch

_DUPLICATE_KEY = 11000
_REMEMBERED = 16  # batches by which a document recognises a retry
_EPOCH = date(1970, 1, 1)
_MOST = 100  # referrers


class ClickRepository:
    """Reads and writes clicks: one document for each link, day and host."""

    def __init__(self, transaction: Transaction) -> None:
        self._links = transaction["links"]
        self._clicks = transaction["linkClicks"]

    async def add(self, batch: ClickBatch) -> None:
        """Count a batch, once.

        There is no transaction around all of it, so a batch that failed may have been written
        in part when it comes again. Each document therefore notes the batches it has counted, in
        the same step as the numbers, and a batch passes over those that have it.
        """
        totals: dict[str, int] = {}
        for clicks in batch.clicks:
            totals[clicks.link_id] = totals.get(clicks.link_id, 0) + clicks.number
        await self._links.bulk_write(
            [_count(batch.id, {"_id": link_id}, number) for link_id, number in totals.items()], ordered=False
        )
        by_day = [
            UpdateOne(
                {"_id": f"{clicks.link_id}/{clicks.day}/{clicks.host or ''}", "batches": {"$ne": batch.id}},
                {
                    **_increment(batch.id, clicks.number),
                    "$setOnInsert": {"linkId": clicks.link_id, "day": clicks.day, "host": clicks.host},
                },
                upsert=True,
            )
            for clicks in batch.clicks
        ]
        try:
            await self._clicks.bulk_write(by_day, ordered=False)
        except BulkWriteError as error:
            # A document that has the batch does not match, so MongoDB tries to insert it a
            # second time, and its _id refuses that: it is counted already.
            if any(refused["code"] != _DUPLICATE_KEY for refused in error.details["writeErrors"]):
                raise

    async def total(self, link_id: str) -> int:
        """Return all clicks of a link."""
        found = await self._links.find_one({"_id": link_id}, {"clicks": 1})
        return int(found["clicks"]) if found else 0

    async def per_day(self, link_id: str, first: date) -> dict[date, int]:
        """Return the clicks of each day since, those without clicks left out."""
        groups = await self._sums(link_id, first, "$day")
        return {_EPOCH + timedelta(days=group["_id"]): int(group["clicks"]) for group in groups}

    async def referrers(self, link_id: str, first: date) -> list[tuple[str | None, int]]:
        """Return the hosts with the most clicks since, None for visits without one."""
        groups = await self._sums(
            link_id, first, "$host", {"$sort": {"clicks": -1, "_id": 1}}, {"$limit": _MOST}
        )
        return [(group["_id"], int(group["clicks"])) for group in groups]

    async def forget(self, link_ids: list[str]) -> None:
        """Delete the clicks of links that are deleted."""
        await self._clicks.delete_many({"linkId": {"$in": link_ids}})

    async def _sums(self, link_id: str, first: date, key: str, *stages: Document) -> list[Document]:
        match = {"$match": {"linkId": link_id, "day": {"$gte": (first - _EPOCH).days}}}
        group = {"$group": {"_id": key, "clicks": {"$sum": "$clicks"}}}
        return await (await self._clicks.aggregate([match, group, *stages])).to_list()


def _count(batch_id: str, query: Document, number: int) -> UpdateOne:
    return UpdateOne({**query, "batches": {"$ne": batch_id}}, _increment(batch_id, number))


def _increment(batch_id: str, number: int) -> Document:
    remember = {"batches": {"$each": [batch_id], "$slice": -_REMEMBERED}}
    return {"$inc": {"clicks": number}, "$push": remember}
