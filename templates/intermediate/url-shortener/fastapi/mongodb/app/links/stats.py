"""Clicks in the database: one document for each link, day and referrer."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from pymongo import UpdateOne
from pymongo.errors import BulkWriteError

from app.database import Db, Document
from app.links.models import Link
from app.links.schemas import DayClicks, LinkStats, ReferrerClicks

DUPLICATE_KEY = 11000
REMEMBERED = 16  # batches by which a document recognises one that comes again
REFERRERS = 100


async def write_clicks(db: Db, batch_id: UUID, visits: dict[tuple[UUID, date, str], int]) -> None:
    """Count a batch of visits by link, day and referrer, once.

    There is no transaction around it, so a batch that failed may be there in part when it comes again. Each
    document therefore notes the batches that it has counted, in the same step as the numbers.
    """
    totals: Counter[UUID] = Counter()
    for (link_id, _, _), number in visits.items():
        totals[link_id] += number
    living = {"owner_id": {"$ne": None}, "batches": {"$ne": batch_id}}
    counted = [UpdateOne({"_id": id_, **living}, _count(batch_id, totals[id_])) for id_ in sorted(totals)]
    await db.links.bulk_write(counted, ordered=False)
    upserts = [
        UpdateOne(
            {"_id": f"{link_id}/{day}/{host}", "batches": {"$ne": batch_id}},
            {**_count(batch_id, number), "$setOnInsert": {"link_id": link_id, "day": str(day), "host": host}},
            upsert=True,
        )
        for (link_id, day, host), number in visits.items()
    ]
    try:
        await db.link_clicks.bulk_write(upserts, ordered=False)
    except BulkWriteError as error:
        # A document that has the batch does not match, so MongoDB tries to insert it again and its _id
        # refuses that.
        if any(refused["code"] != DUPLICATE_KEY for refused in error.details["writeErrors"]):
            raise
    # A link may have been deleted before this or meanwhile: nothing of its visits stays.
    deleted = db.links.find({"_id": {"$in": list(totals)}, "owner_id": None}, {"_id": 1})
    await db.link_clicks.delete_many({"link_id": {"$in": [found["_id"] async for found in deleted]}})


async def get_stats(db: Db, link: Link, days: int) -> LinkStats:
    """Return the clicks of a link. The days end today (UTC), those without clicks included."""
    today = datetime.now(UTC).date()
    dates = [today - timedelta(days=ago) for ago in reversed(range(days))]
    per_day = {group["_id"]: group["clicks"] for group in await _sums(db, link, dates[0], "$day")}
    hosts = await _sums(db, link, dates[0], "$host")
    return LinkStats(
        total=link.clicks,
        per_day=[DayClicks(date=day, clicks=per_day.get(str(day), 0)) for day in dates],
        referrers=[
            ReferrerClicks(host=host["_id"] or None, clicks=host["clicks"]) for host in hosts[:REFERRERS]
        ],
    )


async def _sums(db: Db, link: Link, first: date, field: str) -> list[Document]:
    pipeline: list[Document] = [
        {"$match": {"link_id": link.id, "day": {"$gte": str(first)}}},
        {"$group": {"_id": field, "clicks": {"$sum": "$clicks"}}},
        {"$sort": {"clicks": -1, "_id": 1}},
    ]
    return await (await db.link_clicks.aggregate(pipeline)).to_list()


def _count(batch_id: UUID, number: int) -> Document:
    remember = {"batches": {"$each": [batch_id], "$slice": -REMEMBERED}}
    return {"$inc": {"clicks": number}, "$push": remember}
