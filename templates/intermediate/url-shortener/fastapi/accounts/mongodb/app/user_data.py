"""What is deleted together with an account."""

from uuid import UUID

from starlette.datastructures import State

from app.database import Db
from app.links.link_cache import put_link
from app.links.models import Link
from app.links.service import ERASE


async def delete_user_data(db: Db, owner_id: UUID, state: State) -> None:
    """Erase all links of an account."""
    ids = [found["_id"] async for found in db.links.find({"owner_id": owner_id}, {"_id": 1})]
    await db.link_clicks.delete_many({"link_id": {"$in": ids}})
    await db.links.update_many({"_id": {"$in": ids}}, ERASE)
    async for found in db.links.find({"_id": {"$in": ids}}):
        await put_link(state.cache, Link.model_validate(found))
