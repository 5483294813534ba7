"""`/api/v1/auth`: log-in, refresh and log-out by tokens."""

from typing import Literal
from uuid import UUID, uuid4

from fastapi import APIRouter, HTTPException

from app.auth import service
from app.auth.dependencies import CheckedUser, CurrentSession
from app.auth.login import invalid_credentials
from app.auth.password_change import PasswordChanged
from app.auth.scheme import CHALLENGE
from app.auth.tokens import Claims, create_token, read_token, token_life
from app.config import Settings, SettingsDep
from app.database import DbDep
from app.schemas import RequestModel, ResponseModel, now

router = APIRouter(prefix="/auth", tags=["auth"])


class Refresh(RequestModel):
    refresh_token: str


class TokensOut(ResponseModel):
    access_token: str
    refresh_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - not a password
    expires_in: int


@router.post("/login")
async def log_in(user: CheckedUser, db: DbDep, settings: SettingsDep) -> TokensOut:
    """Begin a session: a family of tokens, each refreshed from the one before."""
    refresh_id = str(uuid4())
    session = await service.create_session(db, user, refresh_id, now() + token_life(settings, "refresh"))
    if session is None:
        raise invalid_credentials()
    return _tokens(settings, user.id, session.id, refresh_id)


@router.post("/refresh")
async def refresh(body: Refresh, db: DbDep, settings: SettingsDep) -> TokensOut:
    """Exchange a refresh token for new tokens, once.

    One that comes a second time was copied, and nobody can tell which of the two holders is the thief. So the
    session ends for both.
    """
    try:
        claims = read_token(settings, "refresh", body.refresh_token)
    except ValueError:
        raise HTTPException(401, "This is not a valid refresh token.", CHALLENGE) from None
    next_id = str(uuid4())
    expires_at = now() + token_life(settings, "refresh")
    if not await service.replace_secret(db, claims.session_id, claims.token_id, next_id, expires_at):
        await service.delete_session(db, claims.session_id)
        raise HTTPException(401, "This refresh token was used before.", CHALLENGE)
    return _tokens(settings, claims.user_id, claims.session_id, next_id)


@router.post("/logout", status_code=204)
async def log_out(current: CurrentSession, db: DbDep) -> None:
    """End the session, and with it all its tokens."""
    await service.delete_session(db, current.id)


@router.post("/password", status_code=204)
async def change_password(_: PasswordChanged) -> None:
    """Change the password. The tokens of this session go on."""


def _tokens(settings: Settings, user_id: UUID, session_id: UUID, refresh_id: str) -> TokensOut:
    return TokensOut(
        access_token=create_token(settings, "access", Claims(user_id, session_id, str(uuid4()))),
        refresh_token=create_token(settings, "refresh", Claims(user_id, session_id, refresh_id)),
        expires_in=int(token_life(settings, "access").total_seconds()),
    )
