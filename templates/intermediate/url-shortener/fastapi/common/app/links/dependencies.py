"""What the routes of this feature ask for."""

from typing import Annotated

from fastapi import Depends, Path

from app.auth.dependencies import CurrentUser
from app.dependencies import CacheDep, DatabaseDep, SettingsDep
from app.errors import NotFoundError
from app.ids import is_id
from app.links.link import Link
from app.links.service import LinkService


async def _link_service(database: DatabaseDep, cache: CacheDep, settings: SettingsDep) -> LinkService:
    return LinkService(database, cache, settings.public_url)


LinkServiceDep = Annotated[LinkService, Depends(_link_service)]


async def _link_id(link_id: Annotated[str, Path(alias="id")]) -> str:
    # Not a validation error: a malformed id is the id of nothing.
    if not is_id(link_id):
        raise NotFoundError
    return link_id


LinkId = Annotated[str, Depends(_link_id)]


async def _owned_link(user: CurrentUser, link_id: LinkId, links: LinkServiceDep) -> Link:
    return await links.get(user.id, link_id)


OwnedLink = Annotated[Link, Depends(_owned_link)]
"""The link in the path, which exists and belongs to the one who asks."""
