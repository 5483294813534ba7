"""Sessions and events in the database."""

from uuid import UUID

from pymongo import DESCENDING

from app.activity.agent import current_agent
from app.activity.models import SecurityEvent
from app.activity.schemas import EventType
from app.auth.models import User, UserSession
from app.database import Db, Document
from app.schemas import now


async def record_events(db: Db, user_id: UUID, *types: EventType, by_admin: bool = False) -> None:
    """Add to the trail."""
    for kind in types:
        event = SecurityEvent(user_id=user_id, type=kind, user_agent=None if by_admin else current_agent())
        await db.events.insert_one(event.to_document())
    # The account may have been deleted at the same moment, and what was in the trail with it.
    if await db.users.find_one({"_id": user_id}) is None:
        await delete_events(db, user_id)


async def list_events(db: Db, user_id: UUID, after: UUID | None, limit: int) -> list[SecurityEvent]:
    """Return events of this user, newest first, that are older than `after`."""
    query: Document = {"user_id": user_id, "_id": {"$lt": after}} if after else {"user_id": user_id}
    found = db.events.find(query, sort=[("_id", DESCENDING)], limit=limit)
    return [SecurityEvent.model_validate(event) async for event in found]


async def touch_session(db: Db, session: UserSession) -> None:
    await db.sessions.update_one({"_id": session.id}, {"$set": {"last_seen_at": now()}})


async def list_sessions(db: Db, user: User) -> list[UserSession]:
    query = {"user_id": user.id, "expires_at": {"$gt": now()}}
    found = db.sessions.find(query, sort=[("_id", DESCENDING)])
    return [UserSession.model_validate({**session, "user": user}) async for session in found]


async def end_session(db: Db, user_id: UUID, session_id: UUID) -> bool:
    """End one session; False if this user has no such session."""
    deleted = await db.sessions.delete_one({"_id": session_id, "user_id": user_id})
    if not deleted.deleted_count:
        return False
    await record_events(db, user_id, "session-ended")
    return True


async def end_sessions(db: Db, user_id: UUID) -> None:
    await db.sessions.delete_many({"user_id": user_id})


async def delete_events(db: Db, user_id: UUID) -> None:
    await db.events.delete_many({"user_id": user_id})
