"""`/api/v1/users`: the administration."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.auth.models import User
from app.auth.schemas import UserOut
from app.database import DbDep
from app.etag import ExpectedVersions, etag
from app.users import service
from app.users.dependencies import PathUser, require_admin
from app.users.schemas import UserListQuery, UserPage, UserUpdate

# Of the router: no path operation that is added here can be forgotten.
router = APIRouter(prefix="/users", tags=["users"], dependencies=[Depends(require_admin)])


@router.get("", response_model=UserPage)
@router.head("", response_model=UserPage, include_in_schema=False)
async def list_users(query: Annotated[UserListQuery, Query()], db: DbDep) -> dict[str, object]:
    """List users, newest first. `q` is a part of the address or the name, without regard to case."""
    users = await service.list_users(db, query, query.limit + 1)
    items = users[: query.limit]
    return {"items": items, "next_cursor": items[-1].id if len(users) > query.limit else None}


@router.get("/{user_id}", response_model=UserOut)
@router.head("/{user_id}", response_model=UserOut, include_in_schema=False)
async def get_user(user: PathUser, response: Response) -> User:
    response.headers["ETag"] = etag(user.version)
    return user


@router.patch("/{user_id}", response_model=UserOut)
async def update_user(
    user: PathUser, body: UserUpdate, versions: ExpectedVersions, db: DbDep, response: Response
) -> User:
    """Give or take a role, deactivate or activate. It is in force with the user's next request."""
    updated = await service.update_user(db, user, body.model_dump(exclude_unset=True), versions)
    response.headers["ETag"] = etag(updated.version)
    return updated
