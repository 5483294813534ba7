"""`/api/v1/auth/me`: the own account, whichever way of signing in there is."""

from fastapi import APIRouter, Request

from app.auth import service
from app.auth.dependencies import CurrentUser
from app.auth.password_change import confirm_password
from app.auth.schemas import AccountDeletion, UserOut
from app.database import DbDep
from app.user_data import delete_user_data

router = APIRouter(prefix="/auth", tags=["auth"])


@router.get("/me")
@router.head("/me", include_in_schema=False)
async def get_me(user: CurrentUser) -> UserOut:
    return UserOut.model_validate(user)


@router.delete("/me", status_code=204)
async def delete_me(body: AccountDeletion, user: CurrentUser, db: DbDep, request: Request) -> None:
    """Delete the account and everything that belongs to it."""
    await service.release(db)
    await confirm_password(user, body.password)
    # The user after the data: if this stops half way, the account is still there and can be deleted again.
    await delete_user_data(db, user.id, request.app.state)
    await service.delete_user(db, user)
    # Another request of this user may have stored something in between.
    await delete_user_data(db, user.id, request.app.state)
