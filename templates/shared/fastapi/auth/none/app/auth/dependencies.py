"""The current user: always the local one, until `get_current_user` looks an account up."""

from typing import Annotated, NamedTuple
from uuid import UUID

from fastapi import Depends


class User(NamedTuple):
    id: UUID


LOCAL_USER = User(UUID(int=0))


async def get_current_user() -> User:
    return LOCAL_USER


CurrentUser = Annotated[User, Depends(get_current_user)]
