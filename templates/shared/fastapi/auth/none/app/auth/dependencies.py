"""The current user: always the local one.

Path operations ask for `CurrentUser` all the same, and every row has an owner. To add accounts is to give
`get_current_user` another body.
"""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends


@dataclass(frozen=True)
class User:
    id: UUID


LOCAL_USER = User(id=UUID(int=0))


async def get_current_user() -> User:
    return LOCAL_USER


CurrentUser = Annotated[User, Depends(get_current_user)]
