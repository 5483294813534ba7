"""What the database holds."""

from fastapi import FastAPI

from app.database import open_db


async def stored_hosts(app: FastAPI) -> list[str]:
    async with open_db(app) as db:
        return [found["host"] async for found in db.link_clicks.find()]


async def stored_link(app: FastAPI, code: str) -> tuple[object, ...]:
    """Return owner, URL and clicks of a link, deleted or not."""
    async with open_db(app) as db:
        link = await db.links.find_one({"code": code})
        assert link
        return link["owner_id"], link["url"], link["clicks"]
