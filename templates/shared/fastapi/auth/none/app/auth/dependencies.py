"""The current user: always the local one.

Routes ask for `CurrentUser` all the same, and every row has an owner, so that real accounts
can be added later without touching the features.
"""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends


@dataclass(frozen=True, slots=True)
class User:
    """The one who asks."""

    id: str


_LOCAL = User(id="local")


async def current_user() -> User:
    """Return the local user."""
    return _LOCAL


CurrentUser = Annotated[User, Depends(current_user)]
