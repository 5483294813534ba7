"""Sessions and events in the database."""

from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from app.activity.agent import current_agent
from app.activity.models import SecurityEvent
from app.activity.schemas import EventType
from app.auth.models import User, UserSession
from app.database import Db
from app.schemas import now


async def record_events(db: Db, user_id: UUID, *types: EventType, by_admin: bool = False) -> None:
    """Add to the trail, and commit it together with what was changed before."""
    user_agent = None if by_admin else current_agent()
    db.add_all(SecurityEvent(user_id=user_id, type=kind, user_agent=user_agent) for kind in types)
    try:
        await db.commit()
    except IntegrityError:  # the account was deleted at the same moment, and so there is no trail
        await db.rollback()


async def list_events(db: Db, user_id: UUID, after: UUID | None, limit: int) -> list[SecurityEvent]:
    """Return events of this user, newest first, that are older than `after`."""
    events = select(SecurityEvent).where(SecurityEvent.user_id == user_id)
    if after:
        events = events.where(SecurityEvent.id < after)
    return list(await db.scalars(events.order_by(SecurityEvent.id.desc()).limit(limit)))


async def touch_session(db: Db, session: UserSession) -> None:
    seen = update(UserSession).where(UserSession.id == session.id).values(last_seen_at=now())
    await db.execute(seen)
    await db.commit()


async def list_sessions(db: Db, user: User) -> list[UserSession]:
    going_on = (UserSession.user_id == user.id, UserSession.expires_at > now())
    return list(await db.scalars(select(UserSession).where(*going_on).order_by(UserSession.id.desc())))


async def end_session(db: Db, user_id: UUID, session_id: UUID) -> bool:
    """End one session; False if this user has no such session."""
    own = delete(UserSession).where(UserSession.user_id == user_id, UserSession.id == session_id)
    if await db.scalar(own.returning(UserSession.id)) is None:
        return False
    await record_events(db, user_id, "session-ended")
    return True


async def end_sessions(db: Db, user_id: UUID) -> None:
    """End all sessions of a user. The event that follows commits it."""
    await db.execute(delete(UserSession).where(UserSession.user_id == user_id))


async def delete_events(db: Db, user_id: UUID) -> None:
    await db.execute(delete(SecurityEvent).where(SecurityEvent.user_id == user_id))
    await db.commit()
