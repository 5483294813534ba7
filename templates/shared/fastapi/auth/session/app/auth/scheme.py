"""The session of a request, by a cookie."""

import hashlib
import hmac
from typing import Annotated
from uuid import UUID

from fastapi import HTTPException, Request, Security
from fastapi.security import APIKeyCookie

from app.auth import service
from app.auth.cookies import read_session_cookie
from app.auth.models import UserSession
from app.config import SettingsDep
from app.database import DbDep

CHALLENGE: dict[str, str] = {}  # of a 401: no registered scheme stands for a cookie
documented_cookie = APIKeyCookie(name="session", auto_error=False)


def digest(secret: str) -> str:
    """Return what is stored, so that whoever reads the database cannot sign in with it.

    A plain hash will do here, unlike for passwords: nobody guesses 256 random bits.
    """
    return hashlib.sha256(secret.encode()).hexdigest()


async def get_session(
    request: Request,
    settings: SettingsDep,
    db: DbDep,
    _: Annotated[str | None, Security(documented_cookie)],
) -> UserSession:
    session_id, secret = read_session_cookie(request, settings)
    try:
        found = await service.find_session(db, UUID(session_id))
    except ValueError:
        found = None
    if found is None or not hmac.compare_digest(found.secret, digest(secret)):
        raise HTTPException(401, "Sign in first.")
    return found
