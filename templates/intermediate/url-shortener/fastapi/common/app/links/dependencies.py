"""The link of a path, checked once for all path operations."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, HTTPException

from app.auth.dependencies import CurrentUser
from app.database import DbDep
from app.links import service
from app.links.models import Link


async def get_own_link(link_id: UUID, user: CurrentUser, db: DbDep) -> Link:
    """Return a link of the current user. A link of someone else looks like one that does not exist."""
    link = await service.get_link(db, user.id, link_id)
    if link is None:
        raise HTTPException(404, "There is no such link.")
    return link


OwnLink = Annotated[Link, Depends(get_own_link)]
