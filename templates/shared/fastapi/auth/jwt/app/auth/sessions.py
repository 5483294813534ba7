"""`/api/v1/auth`: log-in, refresh and log-out by tokens."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Response

from app.auth.accounts import Accounts, CheckedUser
from app.auth.dependencies import CurrentSession
from app.auth.session_repository import SessionRepository
from app.auth.tokens import Claims, Tokens, unauthenticated
from app.auth.user import Session
from app.dependencies import DatabaseDep, SettingsDep
from app.ids import new_id
from app.json_body import JsonBody
from app.openapi import problems
from app.schemas import AnswerModel, RequestModel
from app.times import now

router = APIRouter(prefix="/auth", tags=["auth"])


class Refresh(RequestModel):
    """The refresh token of the last answer."""

    refresh_token: str


class TokensOut(AnswerModel):
    """A short-lived token for requests, and one to get the next pair."""

    access_token: str
    refresh_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - not a password
    expires_in: int


@router.post("/login", summary="Log in", responses=problems(401))
async def log_in(user: CheckedUser, accounts: Accounts, settings: SettingsDep) -> TokensOut:
    """Begin a session: a family of tokens that are refreshed from one another."""
    tokens = Tokens(settings)
    session_id, refresh_id = new_id(), new_id()
    expires_at = now() + tokens.life("refresh")
    session = Session(id=session_id, user_id=user.id, verifier=refresh_id, expires_at=expires_at)
    await accounts.begin_session(user, session)
    return _pair(tokens, user.id, session_id, refresh_id)


@router.post("/refresh", summary="Get new tokens", responses=problems(401))
async def refresh(
    body: Annotated[Refresh, Depends(JsonBody(Refresh))], database: DatabaseDep, settings: SettingsDep
) -> TokensOut:
    """Exchange a refresh token for new tokens, once.

    A refresh token that comes a second time was stolen, before or after its owner used it.
    Which of the two is the thief cannot be known, so the session ends for both.
    """
    tokens = Tokens(settings)
    claims = tokens.read("refresh", body.refresh_token)
    next_id, expires_at = new_id(), now() + tokens.life("refresh")
    async with database.writing() as transaction:
        sessions = SessionRepository(transaction)
        # One conditional update: of two uses at the same time only one finds the old id.
        renewed = await sessions.renew(claims.session_id, claims.token_id, next_id, expires_at)
        if not renewed:
            await sessions.end(claims.session_id)
    if not renewed:  # raised here, for an exception inside would undo the end of the session
        raise unauthenticated()
    return _pair(tokens, claims.user_id, claims.session_id, next_id)


@router.post("/logout", status_code=204, summary="Log out")
async def log_out(who: CurrentSession, accounts: Accounts) -> Response:
    """End the session, and with it all its tokens."""
    await accounts.end_session(who.session.id)
    return Response(status_code=204)


def _pair(tokens: Tokens, user_id: str, session_id: str, refresh_id: str) -> TokensOut:
    return TokensOut(
        access_token=tokens.sign("access", Claims(user_id, session_id, new_id())),
        refresh_token=tokens.sign("refresh", Claims(user_id, session_id, refresh_id)),
        expires_in=int(tokens.life("access").total_seconds()),
    )
