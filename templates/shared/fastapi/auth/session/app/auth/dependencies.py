"""The current user: by a session cookie."""

import hmac
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie

from app.auth.cookies import Cookies, digest
from app.auth.session_repository import SessionRepository
from app.auth.user import SignedIn, User
from app.dependencies import DatabaseDep, SettingsDep
from app.errors import ProblemError

_documented = APIKeyCookie(name="session", auto_error=False)


async def current_session(
    request: Request,
    settings: SettingsDep,
    database: DatabaseDep,
    _: Annotated[str | None, Security(_documented)],
) -> SignedIn:
    """Return who asks."""
    session_id, secret = Cookies(settings).read(request)
    if session_id:
        async with database.reading() as transaction:
            who = await SessionRepository(transaction).find(session_id)
        if who and hmac.compare_digest(who.session.verifier, digest(secret)):
            return who
    raise ProblemError(401, "Sign in first.")


CurrentSession = Annotated[SignedIn, Depends(current_session)]


async def current_user(who: CurrentSession) -> User:
    """Return who asks."""
    return who.user


CurrentUser = Annotated[User, Depends(current_user)]
