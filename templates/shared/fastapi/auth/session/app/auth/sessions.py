"""`/api/v1/auth`: log-in and log-out by a session cookie."""

from datetime import timedelta

from fastapi import APIRouter, Request, Response

from app.auth.accounts import Accounts, CheckedUser
from app.auth.cookies import Cookies, digest, new_secret
from app.auth.dependencies import CurrentSession
from app.auth.schemas import UserOut
from app.auth.user import Session
from app.dependencies import SettingsDep
from app.ids import new_id
from app.openapi import problems
from app.schemas import AnswerModel
from app.times import now

router = APIRouter(prefix="/auth", tags=["auth"])


class CsrfToken(AnswerModel):
    """What to send back as `X-CSRF-Token` with every request that changes something."""

    csrf_token: str


@router.get("/csrf", summary="Get a CSRF token")
async def csrf(request: Request, response: Response, settings: SettingsDep) -> CsrfToken:
    """Give the value that the cookie `csrf_token` has, too."""
    return CsrfToken(csrf_token=Cookies(settings).hand_out_csrf_token(request, response))


@router.post("/login", summary="Log in", responses=problems(401))
async def log_in(user: CheckedUser, response: Response, accounts: Accounts, settings: SettingsDep) -> UserOut:
    """Begin a session under a new id: one that was there before may be known to others (fixation)."""
    cookies = Cookies(settings)
    session_id, secret = new_id(), new_secret()
    session = Session(
        id=session_id,
        user_id=user.id,
        verifier=digest(secret),
        expires_at=now() + timedelta(days=settings.session_days),
    )
    await accounts.begin_session(user, session)
    cookies.write(response, session_id, secret)
    return UserOut.model_validate(user)


@router.post("/logout", status_code=204, summary="Log out")
async def log_out(who: CurrentSession, accounts: Accounts, settings: SettingsDep) -> Response:
    """End the session on the server, too: a cookie that was copied is worth nothing then."""
    await accounts.end_session(who.session.id)
    response = Response(status_code=204)
    Cookies(settings).clear(response)
    return response
