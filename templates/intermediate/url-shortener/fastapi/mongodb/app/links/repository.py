"""Links in the database."""

import re
from datetime import datetime
from typing import Any

from pymongo import DESCENDING, ReturnDocument
from pymongo.errors import DuplicateKeyError

from app.db import Document, Transaction
from app.links.link import Link


class LinkRepository:
    """Reads and writes links."""

    def __init__(self, transaction: Transaction) -> None:
        self._links = transaction["links"]

    async def add(self, link: Link) -> bool:
        """Add a link; False if its code is taken."""
        try:
            await self._links.insert_one(_to_document(link))
        except DuplicateKeyError:
            return False
        return True

    async def find(self, code: str) -> Link | None:
        """Return the link with exactly this code, deleted or not."""
        return _link(await self._links.find_one({"codeKey": code.lower(), "code": code}))

    async def get(self, owner_id: str, link_id: str) -> Link | None:
        """Return a link of this owner."""
        return _link(await self._links.find_one(_living(owner_id, link_id)))

    async def list_links(self, owner_id: str, q: str | None, after: str | None, limit: int) -> list[Link]:
        """Return links of this owner, newest first, that hold `q` and are older than `after`."""
        query: Document = {"ownerId": owner_id, "deletedAt": None}
        if q:
            # Escaped: what the client sends is text to find, never a pattern to run.
            contains = {"$regex": re.escape(q), "$options": "i"}
            query["$or"] = [{"code": contains}, {"url": contains}]
        if after:
            query["_id"] = {"$lt": after}
        return [
            _to_link(found) async for found in self._links.find(query).sort("_id", DESCENDING).limit(limit)
        ]

    async def edit(
        self,
        owner_id: str,
        link_id: str,
        changes: dict[str, Any],
        versions: list[int] | None,
        moment: datetime,
    ) -> Link | None:
        """Change a link; None if there is none of this owner, or none of these versions.

        The version is part of the query of the update itself: of two edits based on the same
        version only one finds it.
        """
        query = _living(owner_id, link_id, versions)
        if not changes:
            return _link(await self._links.find_one(query))
        names = {"url": "url", "enabled": "enabled", "expires_at": "expiresAt"}
        fields = {names[name]: value for name, value in changes.items()}
        update = {"$set": {**fields, "updatedAt": moment}, "$inc": {"version": 1}}
        return _link(
            await self._links.find_one_and_update(query, update, return_document=ReturnDocument.AFTER)
        )

    async def delete(
        self, owner_id: str, link_id: str, versions: list[int] | None, moment: datetime
    ) -> Link | None:
        """Leave a tombstone; None as with `edit`."""
        query = _living(owner_id, link_id, versions)
        return _link(
            await self._links.find_one_and_update(query, _bury(moment), return_document=ReturnDocument.AFTER)
        )

    async def delete_all(self, owner_id: str, moment: datetime) -> list[Link]:
        """Leave tombstones of all links of this owner, and return them."""
        query = {"ownerId": owner_id, "deletedAt": None}
        ids = [found["_id"] async for found in self._links.find(query, {"_id": 1})]
        await self._links.update_many({"_id": {"$in": ids}}, _bury(moment))
        return [_to_link(found) async for found in self._links.find({"_id": {"$in": ids}})]


def _living(owner_id: str, link_id: str, versions: list[int] | None = None) -> Document:
    query: Document = {"_id": link_id, "ownerId": owner_id, "deletedAt": None}
    return query if versions is None else {**query, "version": {"$in": versions}}


def _bury(moment: datetime) -> Document:
    # The code stays taken; where it led to is forgotten.
    return {"$set": {"deletedAt": moment, "url": ""}}


def _link(document: Document | None) -> Link | None:
    return _to_link(document) if document else None


def _to_document(link: Link) -> Document:
    return {
        "_id": link.id,
        "ownerId": link.owner_id,
        "code": link.code,
        "codeKey": link.code.lower(),
        "url": link.url,
        "enabled": link.enabled,
        "expiresAt": link.expires_at,
        "version": link.version,
        "clicks": link.clicks,
        "createdAt": link.created_at,
        "updatedAt": link.updated_at,
        "deletedAt": link.deleted_at,
        "batches": [],
    }


def _to_link(document: Document) -> Link:
    return Link(
        id=document["_id"],
        owner_id=document["ownerId"],
        code=document["code"],
        url=document["url"],
        enabled=document["enabled"],
        expires_at=document["expiresAt"],
        version=document["version"],
        clicks=document["clicks"],
        created_at=document["createdAt"],
        updated_at=document["updatedAt"],
        deleted_at=document["deletedAt"],
    )
