"""`/api/v1/auth`: log-in and log-out by a session cookie."""

import secrets
from datetime import timedelta

from fastapi import APIRouter, Depends, Request, Response

from app.auth import service
from app.auth.cookies import set_session_cookie
from app.auth.csrf import clear_cookies, get_or_set_csrf_token, set_csrf_token
from app.auth.dependencies import CheckedUser, CurrentSession
from app.auth.login import invalid_credentials
from app.auth.password_change import PasswordChanged
from app.auth.schemas import UserOut
from app.auth.scheme import digest
from app.config import SettingsDep
from app.database import DbDep
from app.schemas import ResponseModel, now

router = APIRouter(prefix="/auth", tags=["auth"])


class CsrfToken(ResponseModel):
    csrf_token: str


@router.get("/csrf")
@router.head("/csrf", include_in_schema=False)
async def get_csrf_token(request: Request, response: Response, settings: SettingsDep) -> CsrfToken:
    """Return what to send back as `X-CSRF-Token`; the cookie `csrf_token` has it, too."""
    return CsrfToken(csrf_token=get_or_set_csrf_token(request, response, settings))


@router.post("/login")
async def log_in(user: CheckedUser, db: DbDep, settings: SettingsDep, response: Response) -> UserOut:
    """Begin a session under a new id: an attacker may have planted the one that was there before."""
    secret = secrets.token_urlsafe(32)
    expires_at = now() + timedelta(days=settings.session_days)
    session = await service.create_session(db, user, digest(secret), expires_at)
    if session is None:
        raise invalid_credentials()
    set_session_cookie(response, settings, str(session.id), secret)
    set_csrf_token(response, settings, str(session.id))
    return UserOut.model_validate(user)


@router.post("/logout", status_code=204, dependencies=[Depends(clear_cookies)])
async def log_out(current: CurrentSession, db: DbDep) -> None:
    """End the session on the server, too: a copied cookie no longer works."""
    await service.delete_session(db, current.id)


@router.post("/password", status_code=204)
async def change_password(
    current: PasswordChanged, db: DbDep, settings: SettingsDep, response: Response
) -> None:
    """Change the password. This session goes on with a new secret: a copied cookie no longer works."""
    secret = secrets.token_urlsafe(32)
    if await service.replace_secret(db, current.id, current.secret, digest(secret), current.expires_at):
        set_session_cookie(response, settings, str(current.id), secret)
