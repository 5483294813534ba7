"""The session of a request, by a bearer token."""

from typing import Annotated

from fastapi import Depends, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app.auth import service
from app.auth.models import UserSession
from app.auth.tokens import read_token
from app.config import SettingsDep
from app.database import DbDep

bearer = HTTPBearer(bearerFormat="JWT")
CHALLENGE = {"WWW-Authenticate": "Bearer"}  # of every 401 (RFC 6750)


async def get_session(
    credentials: Annotated[HTTPAuthorizationCredentials, Depends(bearer)], settings: SettingsDep, db: DbDep
) -> UserSession:
    """Return the session of a valid token.

    The session is looked up each time. With the token alone, a log-out or a new password would take effect
    only when the token expires.
    """
    unauthenticated = HTTPException(401, "Sign in first.", CHALLENGE)
    try:
        claims = read_token(settings, "access", credentials.credentials)
    except ValueError:
        raise unauthenticated from None
    found = await service.find_session(db, claims.session_id)
    if found is None or found.user_id != claims.user_id:
        raise unauthenticated
    return found
