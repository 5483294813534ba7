"""Documents that belong to a user and are edited: each has an owner, and a version for its ETag."""

from datetime import datetime
from typing import ClassVar, TypeVar
from uuid import UUID

from fastapi import HTTPException
from pydantic import Field
from pymongo import ReturnDocument

from app.database import Db, Document
from app.models import MongoModel
from app.schemas import now


class Owned(MongoModel):
    collection: ClassVar[str]

    owner_id: UUID
    version: int = 1
    created_at: datetime = Field(default_factory=now)
    updated_at: datetime = Field(default_factory=now)


T = TypeVar("T", bound=Owned)


async def get_owned(db: Db, model: type[T], owner_id: UUID, document_id: UUID) -> T | None:
    found = await db[model.collection].find_one({"_id": document_id, "owner_id": owner_id})
    return model.model_validate(found) if found else None


async def update_owned(db: Db, document: T, changes: Document, versions: list[int] | None) -> T:
    """Change a document if it still has one of these versions. A change may be an expression of MongoDB."""
    edit = {**changes, "version": {"$add": ["$version", 1]}, "updated_at": now()} if changes else {}
    collection, query = db[document.collection], _unchanged(document, versions)
    updated = await collection.find_one_and_update(
        query, [{"$set": edit or {"version": "$version"}}], return_document=ReturnDocument.AFTER
    )
    if updated is None:
        raise _changed(versions)
    return type(document).model_validate(updated)


async def delete_owned(db: Db, document: Owned, versions: list[int] | None) -> None:
    """Delete a document if it still has one of these versions."""
    deleted = await db[document.collection].delete_one(_unchanged(document, versions))
    if not deleted.deleted_count:
        raise _changed(versions)


def _unchanged(document: Owned, versions: list[int] | None) -> Document:
    # The version is a condition of the write itself. Of two edits based on one version, only one finds it.
    query: Document = {"_id": document.id, "owner_id": document.owner_id}
    return query if versions is None else {**query, "version": {"$in": versions}}


def _changed(versions: list[int] | None) -> HTTPException:
    if versions is None:
        return HTTPException(404, "It has been deleted.")
    return HTTPException(412, "It has changed since; get it again.")
