"""The current user: by a bearer token."""

from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app.auth.session_repository import SessionRepository
from app.auth.tokens import Tokens, unauthenticated
from app.auth.user import SignedIn, User
from app.dependencies import DatabaseDep, SettingsDep

_bearer = HTTPBearer(auto_error=False, bearerFormat="JWT")


async def current_session(
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    settings: SettingsDep,
    database: DatabaseDep,
) -> SignedIn:
    """Return who asks.

    A genuine token is not enough: its session is looked up each time, so that log-out and a
    changed password act at once and not when the token expires.
    """
    if credentials is None:
        raise unauthenticated()
    claims = Tokens(settings).read("access", credentials.credentials)
    async with database.reading() as transaction:
        who = await SessionRepository(transaction).find(claims.session_id)
    if who is None or who.user.id != claims.user_id:
        raise unauthenticated()
    return who


CurrentSession = Annotated[SignedIn, Depends(current_session)]


async def current_user(who: CurrentSession) -> User:
    """Return who asks."""
    return who.user


CurrentUser = Annotated[User, Depends(current_user)]
