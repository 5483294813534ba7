"""Who is deactivated can neither log in nor go on."""

from typing import Annotated

from fastapi import Depends, HTTPException

from app.activity.checks import get_seen_session, record_login
from app.auth.models import User, UserSession
from app.auth.scheme import CHALLENGE
from app.errors import ProblemException


async def get_active_session(session: Annotated[UserSession, Depends(get_seen_session)]) -> UserSession:
    # A deactivation ends all sessions. But a log-in that had checked the password before can begin one after.
    if not session.user.active:
        raise HTTPException(401, "This account is not active.", CHALLENGE)
    return session


async def check_active(user: Annotated[User, Depends(record_login, scope="function")]) -> User:
    # After the password: a stranger is not told what became of an account.
    if not user.active:
        raise ProblemException(403, "This account is not active.", type="/problems/account-inactive")
    return user
