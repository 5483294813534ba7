"""Links in the database."""

import re
from uuid import UUID

from fastapi import HTTPException
from pymongo import DESCENDING, ReturnDocument
from pymongo.errors import DuplicateKeyError

from app.database import Db, Document
from app.links.codes import generate_code
from app.links.models import Link
from app.links.schemas import LinkCreate, LinkUpdate
from app.schemas import now

ATTEMPTS = 5
# Of a deleted link only the code is kept.
ERASE = {
    "$set": {"owner_id": None, "url": None, "expires_at": None, "clicks": 0},
    "$unset": {"batches": ""},
    "$inc": {"version": 1},
}


async def create_link(db: Db, owner_id: UUID, data: LinkCreate) -> Link:
    for _ in range(ATTEMPTS):
        code = data.code or generate_code()
        link = Link(owner_id=owner_id, code=code, code_key=code.lower(), **data.model_dump(exclude={"code"}))
        # Do not check first and insert later: another client can take the code in between. The unique index
        # decides.
        try:
            await db.links.insert_one(link.to_document())
        except DuplicateKeyError:
            if data.code:
                raise HTTPException(409, "This code is taken.") from None
        else:
            return link
    raise HTTPException(503, "No free code was found; try again.")


async def find_by_code(db: Db, code: str) -> Link | None:
    """Return the link with exactly this code, deleted or not."""
    return _link(await db.links.find_one({"code_key": code.lower(), "code": code}))


async def get_link(db: Db, owner_id: UUID, link_id: UUID) -> Link | None:
    return _link(await db.links.find_one({"_id": link_id, "owner_id": owner_id}))


async def list_links(db: Db, owner_id: UUID, q: str | None, after: UUID | None, limit: int) -> list[Link]:
    """Return links of this owner, newest first, that hold `q` and are older than `after`."""
    query: Document = {"owner_id": owner_id}
    if q:
        # Escaped: what the client sends is text to find, never a pattern to run.
        contains = {"$regex": re.escape(q), "$options": "i"}
        query["$or"] = [{"code": contains}, {"url": contains}]
    if after:
        query["_id"] = {"$lt": after}
    cursor = db.links.find(query).sort("_id", DESCENDING).limit(limit)
    return [Link.model_validate(found) async for found in cursor]


async def update_link(db: Db, link: Link, data: LinkUpdate, versions: list[int] | None) -> Link:
    """Change a link if it still has one of these versions."""
    changes = data.model_dump(exclude_unset=True)
    if changes:
        return await _update(
            db, link, versions, {"$set": {**changes, "updated_at": now()}, "$inc": {"version": 1}}
        )
    return await _update(db, link, versions, {"$inc": {"version": 0}})


async def delete_link(db: Db, link: Link, versions: list[int] | None) -> Link:
    """Erase a link if it still has one of these versions."""
    deleted = await _update(db, link, versions, ERASE)
    await db.link_clicks.delete_many({"link_id": link.id})
    return deleted


async def _update(db: Db, link: Link, versions: list[int] | None, update: Document) -> Link:
    # The version is part of the query of the update itself. Of two edits based on one version, only one finds
    # it.
    query: Document = {"_id": link.id, "owner_id": link.owner_id}
    if versions is not None:
        query["version"] = {"$in": versions}
    updated = await db.links.find_one_and_update(query, update, return_document=ReturnDocument.AFTER)
    if updated is None:
        if versions is None:
            raise HTTPException(404, "The link has been deleted.")
        raise HTTPException(412, "The link has changed since; get it again.")
    return Link.model_validate(updated)


def _link(found: Document | None) -> Link | None:
    return Link.model_validate(found) if found else None
