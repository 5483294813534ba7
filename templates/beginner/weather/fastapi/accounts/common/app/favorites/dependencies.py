"""The favourite of a path, checked once for all path operations."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, HTTPException

from app.auth.dependencies import CurrentUser
from app.database import DbDep
from app.favorites import service
from app.favorites.models import Favorite


async def get_own_favorite(favorite_id: UUID, user: CurrentUser, db: DbDep) -> Favorite:
    """Return a favourite of the current user. One of someone else looks like one that does not exist."""
    favorite = await service.get_favorite(db, user.id, favorite_id)
    if favorite is None:
        raise HTTPException(404, "There is no such favourite.")
    return favorite


OwnFavorite = Annotated[Favorite, Depends(get_own_favorite)]
