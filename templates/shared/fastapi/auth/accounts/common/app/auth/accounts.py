"""What routes ask for, whatever the kind of signing in."""

from typing import Annotated

from fastapi import Depends, Request

from app.auth.schemas import LogIn, address_key
from app.auth.service import AccountService
from app.auth.throttle import LoginThrottle
from app.auth.user import User
from app.clients import client_address
from app.dependencies import CacheDep, DatabaseDep, SettingsDep
from app.json_body import JsonBody


async def _account_service(request: Request, database: DatabaseDep, cache: CacheDep) -> AccountService:
    return AccountService(database, cache, request.app.state.account_hooks)


Accounts = Annotated[AccountService, Depends(_account_service)]


async def _checked_user(
    request: Request,
    body: Annotated[LogIn, Depends(JsonBody(LogIn))],
    accounts: Accounts,
    settings: SettingsDep,
) -> User:
    throttle: LoginThrottle = request.app.state.login_throttle
    client = client_address(request.scope, settings.trusted_proxies)
    async with throttle.attempt(client, address_key(body.email)):
        return await accounts.check(body.email, body.password)


CheckedUser = Annotated[User, Depends(_checked_user)]
"""Whose address and password are in the body."""
