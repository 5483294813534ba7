"""What is deleted together with an account."""

from uuid import UUID

from sqlalchemy import delete, select, update
from starlette.datastructures import State

from app.database import Db
from app.links.link_cache import put_link
from app.links.models import Link, LinkClicks
from app.links.service import ERASED


async def delete_user_data(db: Db, owner_id: UUID, state: State) -> None:
    """Erase all links of an account."""
    # Locked in the order of ids, as the click counter does.
    own = select(Link.id).where(Link.owner_id == owner_id).order_by(Link.id).with_for_update()
    ids = (await db.scalars(own)).all()
    erase = update(Link).where(Link.id.in_(ids)).values(**ERASED, version=Link.version + 1)
    erased = (await db.scalars(erase.returning(Link))).all()
    await db.execute(delete(LinkClicks).where(LinkClicks.link_id.in_(ids)))
    await db.commit()
    for link in erased:
        await put_link(state.cache, link)
