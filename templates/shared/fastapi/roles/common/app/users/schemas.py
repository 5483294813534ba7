"""Bodies and queries of the administration."""

from uuid import UUID

from pydantic import Field, StrictBool

from app.auth.schemas import UserOut
from app.pagination import Page
from app.schemas import RequestModel, ResponseModel
from app.users.roles import Role


class UserUpdate(RequestModel):
    """What is not sent stays as it is."""

    # These values are never used. They come from factories, since OpenAPI would show a default.
    role: Role = Field(default_factory=lambda: "user")
    active: StrictBool = Field(default_factory=bool)


class UserListQuery(Page):
    cursor: UUID | None = Field(None, description="`nextCursor` of the page before: the id of its last user.")
    q: str | None = Field(None, max_length=200, pattern=r"^[^\x00]*$")
    role: Role | None = None


class UserPage(ResponseModel):
    items: list[UserOut]
    next_cursor: UUID | None
