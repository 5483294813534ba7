"""Favourites in the database."""

from uuid import UUID

from fastapi import HTTPException
from pymongo.errors import DuplicateKeyError

from app.database import Db, Document
from app.favorites.models import Favorite
from app.weather.schemas import Location


async def create_favorite(db: Db, owner_id: UUID, location: Location) -> Favorite:
    favorite = Favorite(owner_id=owner_id, **location.model_dump())
    # Do not look first and insert later: another request can add the place in between. The unique index
    # decides.
    try:
        await db.favorites.insert_one(favorite.to_document())
    except DuplicateKeyError:
        raise HTTPException(409, "This place is a favourite already.") from None
    return favorite


async def owner_exists(db: Db, owner_id: UUID) -> bool:
    return await db.users.find_one({"_id": owner_id}, {"_id": 1}) is not None


async def get_favorite(db: Db, owner_id: UUID, favorite_id: UUID) -> Favorite | None:
    found = await db.favorites.find_one({"_id": favorite_id, "owner_id": owner_id})
    return Favorite.model_validate(found) if found else None


async def list_favorites(db: Db, owner_id: UUID, after: UUID | None, limit: int) -> list[Favorite]:
    """Return favourites of this owner, newest first, that are older than `after`."""
    query: Document = {"owner_id": owner_id}
    if after:
        query["_id"] = {"$lt": after}
    found = db.favorites.find(query).sort("_id", -1).limit(limit)
    return [Favorite.model_validate(document) async for document in found]


async def delete_favorite(db: Db, favorite: Favorite) -> None:
    deleted = await db.favorites.delete_one({"_id": favorite.id, "owner_id": favorite.owner_id})
    if not deleted.deleted_count:
        raise HTTPException(404, "There is no such favourite.")


async def delete_favorites_of(db: Db, owner_id: UUID) -> None:
    await db.favorites.delete_many({"owner_id": owner_id})
