"""Links in the database."""

from typing import Any
from uuid import UUID

from fastapi import HTTPException
from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import IntegrityError

from app.database import Db
from app.links.codes import generate_code
from app.links.models import Link, LinkClicks
from app.links.schemas import LinkCreate, LinkUpdate
from app.schemas import now

ATTEMPTS = 5
# Of a deleted link only the code is kept.
ERASED: dict[str, Any] = {"owner_id": None, "url": None, "expires_at": None, "clicks": 0}


async def create_link(db: Db, owner_id: UUID, data: LinkCreate) -> Link:
    for _ in range(ATTEMPTS):
        code = data.code or generate_code()
        link = Link(owner_id=owner_id, code=code, code_key=code.lower(), **data.model_dump(exclude={"code"}))
        db.add(link)
        # Do not check first and insert later: another client can take the code in between. The unique index
        # decides.
        try:
            await db.commit()
        except IntegrityError:
            await db.rollback()
            if data.code:
                raise HTTPException(409, "This code is taken.") from None
        else:
            return link
    raise HTTPException(503, "No free code was found; try again.")


async def find_by_code(db: Db, code: str) -> Link | None:
    """Return the link with exactly this code, deleted or not."""
    return await db.scalar(select(Link).where(Link.code_key == code.lower(), Link.code == code))


async def get_link(db: Db, owner_id: UUID, link_id: UUID) -> Link | None:
    return await db.scalar(select(Link).where(Link.id == link_id, Link.owner_id == owner_id))


async def list_links(db: Db, owner_id: UUID, q: str | None, after: UUID | None, limit: int) -> list[Link]:
    """Return links of this owner, newest first, that hold `q` and are older than `after`."""
    query = select(Link).where(Link.owner_id == owner_id).order_by(Link.id.desc()).limit(limit)
    if q:
        # autoescape: the % and _ of LIKE are taken as they are.
        query = query.where(or_(*(text.icontains(q, autoescape=True) for text in (Link.code, Link.url))))
    if after:
        query = query.where(Link.id < after)
    return list(await db.scalars(query))


async def update_link(db: Db, link: Link, data: LinkUpdate, versions: list[int] | None) -> Link:
    """Change a link if it still has one of these versions."""
    changes = data.model_dump(exclude_unset=True)
    if changes:
        changes |= {"version": Link.version + 1, "updated_at": now()}
    updated = await _update(db, link, versions, changes or {"version": Link.version})
    await db.commit()
    return updated


async def delete_link(db: Db, link: Link, versions: list[int] | None) -> Link:
    """Erase a link if it still has one of these versions."""
    deleted = await _update(db, link, versions, {**ERASED, "version": Link.version + 1})
    await db.execute(delete(LinkClicks).where(LinkClicks.link_id == link.id))
    await db.commit()
    return deleted


async def _update(db: Db, link: Link, versions: list[int] | None, values: dict[str, Any]) -> Link:
    # The version is a condition of the UPDATE itself. Of two edits based on one version, only one finds it.
    statement = update(Link).where(Link.id == link.id, Link.owner_id == link.owner_id).values(values)
    if versions is not None:
        statement = statement.where(Link.version.in_(versions))
    # populate_existing: the session has loaded this link before. By default it would return that object as it
    # was, without what another request has changed in between.
    returning = statement.returning(Link).execution_options(populate_existing=True)
    updated = await db.scalar(returning)
    if updated is None:
        if versions is None:
            raise HTTPException(404, "The link has been deleted.")
        raise HTTPException(412, "The link has changed since; get it again.")
    return updated
