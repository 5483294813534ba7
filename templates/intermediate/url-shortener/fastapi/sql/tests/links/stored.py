"""What the database holds."""

from fastapi import FastAPI
from sqlalchemy import select

from app.database import open_db
from app.links.models import Link, LinkClicks


async def stored_hosts(app: FastAPI) -> list[str]:
    async with open_db(app) as db:
        return list(await db.scalars(select(LinkClicks.host)))


async def stored_link(app: FastAPI, code: str) -> tuple[object, ...]:
    """Return owner, URL and clicks of a link, deleted or not."""
    async with open_db(app) as db:
        link = (await db.scalars(select(Link).where(Link.code == code))).one()
        return link.owner_id, link.url, link.clicks
