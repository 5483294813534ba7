"""Who may administer users, and the user of a path."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, HTTPException

from app.auth.dependencies import CurrentUser
from app.auth.models import User
from app.database import DbDep
from app.users import service


async def require_admin(user: CurrentUser) -> User:
    """Return the admin who asks.

    The role is read from the database with each request. If it came from a token, somebody who is not an
    admin any more would remain one until the token expires.
    """
    if user.role != "admin":
        raise HTTPException(403, "This is for admins.")
    return user


AdminUser = Annotated[User, Depends(require_admin)]


async def get_user(user_id: str, _: AdminUser, db: DbDep) -> User:
    # Parsed here and not by FastAPI, which would tell everybody else that this is no id before it is 403.
    try:
        user = await service.get_user(db, UUID(user_id))
    except ValueError:
        user = None
    if user is None:
        raise HTTPException(404, "There is no such user.")
    return user


PathUser = Annotated[User, Depends(get_user)]
