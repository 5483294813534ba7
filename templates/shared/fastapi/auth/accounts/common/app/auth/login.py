"""Checks the e-mail address and the password of a log-in."""

from fastapi import HTTPException, Request

from app.auth import service
from app.auth.models import User
from app.auth.passwords import verify_password
from app.auth.schemas import LogIn, email_key
from app.auth.scheme import CHALLENGE
from app.auth.throttle import LoginThrottle
from app.database import DbDep
from app.rate_limit import client_of


async def check_login(body: LogIn, request: Request, db: DbDep) -> User:
    throttle: LoginThrottle = request.app.state.login_throttle
    async with throttle.attempt(client_of(request.scope), email_key(body.email)):
        user = await service.find_user(db, body.email)
        # An unknown address and a wrong password get the same answer after the same time.
        if not await verify_password(user.password_hash if user else None, body.password) or user is None:
            raise invalid_credentials()
        return user


def invalid_credentials() -> HTTPException:
    return HTTPException(401, "The address or the password is wrong.", CHALLENGE)
