"""Favourites in the database."""

from uuid import UUID

from fastapi import HTTPException
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from app.auth.models import User
from app.database import Db
from app.favorites.models import Favorite
from app.weather.schemas import Location


async def create_favorite(db: Db, owner_id: UUID, location: Location) -> Favorite:
    favorite = Favorite(owner_id=owner_id, **location.model_dump())
    db.add(favorite)
    # Do not look first and insert later: another request can add the place in between. The unique index
    # decides.
    try:
        await db.commit()
    except IntegrityError:
        await db.rollback()
        raise HTTPException(409, "This place is a favourite already.") from None
    return favorite


async def owner_exists(db: Db, owner_id: UUID) -> bool:
    return await db.scalar(select(User.id).where(User.id == owner_id)) is not None


async def get_favorite(db: Db, owner_id: UUID, favorite_id: UUID) -> Favorite | None:
    query = select(Favorite).where(Favorite.id == favorite_id, Favorite.owner_id == owner_id)
    return await db.scalar(query)


async def list_favorites(db: Db, owner_id: UUID, after: UUID | None, limit: int) -> list[Favorite]:
    """Return favourites of this owner, newest first, that are older than `after`."""
    query = select(Favorite).where(Favorite.owner_id == owner_id).order_by(Favorite.id.desc()).limit(limit)
    if after:
        query = query.where(Favorite.id < after)
    return list(await db.scalars(query))


async def delete_favorite(db: Db, favorite: Favorite) -> None:
    key = (Favorite.id == favorite.id, Favorite.owner_id == favorite.owner_id)
    deleted = await db.scalar(delete(Favorite).where(*key).returning(Favorite.id))
    if deleted is None:
        raise HTTPException(404, "There is no such favourite.")
    await db.commit()


async def delete_favorites_of(db: Db, owner_id: UUID) -> None:
    await db.execute(delete(Favorite).where(Favorite.owner_id == owner_id))
    await db.commit()
