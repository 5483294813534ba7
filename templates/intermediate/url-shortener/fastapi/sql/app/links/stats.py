"""Clicks in the database."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import InstrumentedAttribute

from app.database import Db
from app.engine import insert
from app.links.models import ClickBatch, Link, LinkClicks
from app.links.schemas import DayClicks, LinkStats, ReferrerClicks
from app.schemas import now

REMEMBERED = timedelta(hours=1)  # how long a batch is recognised when it comes again
REFERRERS = 100


async def write_clicks(db: Db, batch_id: UUID, visits: dict[tuple[UUID, date, str], int]) -> None:
    """Count a batch of visits by link, day and referrer, once.

    If the reply to a commit gets lost, the batch comes again. Its id is written in the same transaction as
    its clicks and tells whether they are there.
    """
    new = insert(ClickBatch).values(id=batch_id, written_at=now()).on_conflict_do_nothing()
    if await db.scalar(new.returning(ClickBatch.id)) is None:
        return
    await db.execute(delete(ClickBatch).where(ClickBatch.written_at < now() - REMEMBERED))
    # Locked in the order of ids: two processes that lock the same links in two orders would wait for each
    # other. A link that was deleted meanwhile gets no clicks, and one that is deleted now waits for this
    # transaction.
    living = select(Link.id).where(Link.id.in_({visit[0] for visit in visits}), Link.owner_id.is_not(None))
    ids = (await db.scalars(living.order_by(Link.id).with_for_update())).all()
    for link_id in ids:
        total = sum(number for visit, number in visits.items() if visit[0] == link_id)
        await db.execute(update(Link).where(Link.id == link_id).values(clicks=Link.clicks + total))
    key = ("link_id", "day", "host")
    rows = [{**dict(zip(key, visit, strict=True)), "clicks": number} for visit, number in visits.items()]
    if rows := [row for row in rows if row["link_id"] in ids]:
        upsert = insert(LinkClicks)
        more = {"clicks": LinkClicks.clicks + upsert.excluded.clicks}
        await db.execute(upsert.on_conflict_do_update(index_elements=key, set_=more), rows)
    await db.commit()


async def get_stats(db: Db, link: Link, days: int) -> LinkStats:
    """Return the clicks of a link. The days end today (UTC), those without clicks included."""
    today = datetime.now(UTC).date()
    dates = [today - timedelta(days=ago) for ago in reversed(range(days))]
    per_day = dict(await _sums(db, link, dates[0], LinkClicks.day))
    hosts = await _sums(db, link, dates[0], LinkClicks.host)
    return LinkStats(
        total=link.clicks,
        per_day=[DayClicks(date=day, clicks=per_day.get(day, 0)) for day in dates],
        referrers=[ReferrerClicks(host=host or None, clicks=clicks) for host, clicks in hosts[:REFERRERS]],
    )


async def _sums(db: Db, link: Link, first: date, column: InstrumentedAttribute[Any]) -> list[tuple[Any, int]]:
    clicks = func.sum(LinkClicks.clicks)
    query = select(column, clicks).where(LinkClicks.link_id == link.id, LinkClicks.day >= first)
    rows = await db.execute(query.group_by(column).order_by(clicks.desc(), column))
    return [(value, int(number)) for value, number in rows]
