"""What is noted when somebody logs in, and when a session is used."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Annotated

from fastapi import Depends

from app.activity import service
from app.auth.login import check_login
from app.auth.models import User, UserSession
from app.auth.scheme import get_session
from app.database import DbDep
from app.schemas import now

PRECISION = timedelta(minutes=1)


async def get_seen_session(session: Annotated[UserSession, Depends(get_session)], db: DbDep) -> UserSession:
    # Once a minute: every request would otherwise be a write.
    if session.last_seen_at <= now() - PRECISION:
        await service.touch_session(db, session)
    return session


async def record_login(user: Annotated[User, Depends(check_login)], db: DbDep) -> AsyncIterator[User]:
    yield user
    # Only now, when the path operation has begun the session: it may have been refused.
    await service.record_events(db, user.id, "logged-in")
