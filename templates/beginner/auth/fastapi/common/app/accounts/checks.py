"""What else is checked at log-in, and what ends with an old password."""

from typing import Annotated

from fastapi import Depends, Request

from app.accounts.mailed_tokens import end_tokens
from app.accounts.pending import find_pending
from app.activity.service import record_events
from app.auth.login import invalid_credentials
from app.auth.models import User
from app.auth.passwords import verify_password
from app.auth.schemas import LogIn, email_key
from app.auth.service import find_user
from app.auth.throttle import LoginThrottle
from app.database import Db, DbDep
from app.errors import ProblemException
from app.rate_limit import client_of
from app.users.active import check_active


async def refuse_unverified(body: LogIn, request: Request, db: DbDep) -> None:
    """Tell whoever knows the password of a sign-up what is missing.

    To all others it looks like an address that nobody signed up with: the same words, after one check of a
    password, and a failure for the throttle.
    """
    user = await find_user(db, body.email)
    pending = await find_pending(db, body.email)
    if user or pending is None:
        return
    throttle: LoginThrottle = request.app.state.login_throttle
    async with throttle.attempt(client_of(request.scope), email_key(body.email)):
        if not await verify_password(pending.password_hash, body.password):
            raise invalid_credentials()
    detail = "Open the link in the mail first, or ask for another one."
    raise ProblemException(403, detail, type="/problems/email-not-verified")


async def check_verified(
    _: Annotated[None, Depends(refuse_unverified)], user: Annotated[User, Depends(check_active)]
) -> User:
    return user


async def after_password_change(db: Db, user: User) -> None:
    # Whoever has an old mail must not set the password once more.
    await end_tokens(db, user.id)
    await record_events(db, user.id, "password-changed")
