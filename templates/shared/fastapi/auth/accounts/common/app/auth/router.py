"""`/api/v1/auth`: what all kinds of signing in have in common."""

from fastapi import APIRouter, HTTPException, Request

from app.auth import service
from app.auth.dependencies import CurrentSession, CurrentUser
from app.auth.models import User
from app.auth.passwords import hash_password, verify_password
from app.auth.schemas import AccountDeletion, PasswordChange, SignUp, UserOut
from app.database import DbDep
from app.errors import ProblemException
from app.user_data import delete_user_data

router = APIRouter(prefix="/auth", tags=["auth"])


@router.post("/signup", status_code=201)
async def sign_up(body: SignUp, db: DbDep) -> UserOut:
    """Create an account. The user still has to log in."""
    user = await service.create_user(db, body.email, body.name, await hash_password(body.password))
    if user is None:
        raise HTTPException(409, "An account with this e-mail address already exists.")
    return UserOut.model_validate(user)


@router.get("/me")
@router.head("/me", include_in_schema=False)
async def get_me(user: CurrentUser) -> UserOut:
    return UserOut.model_validate(user)


@router.post("/password", status_code=204)
async def change_password(body: PasswordChange, current: CurrentSession, db: DbDep) -> None:
    """Change the password and end all other sessions, which may be those of a thief."""
    await _confirm(current.user, body.current_password)
    new_hash = await hash_password(body.new_password)
    if not await service.change_password(db, current, new_hash):
        raise HTTPException(409, "The password was changed at the same time.")


@router.delete("/me", status_code=204)
async def delete_me(body: AccountDeletion, user: CurrentUser, db: DbDep, request: Request) -> None:
    """Delete the account and everything that belongs to it."""
    await _confirm(user, body.password)
    # The user last: if this stops half way, the account is still there and its deletion can be repeated.
    await delete_user_data(db, user.id, request.app.state)
    await service.delete_user(db, user)


async def _confirm(user: User, password: str) -> None:
    if not await verify_password(user.password_hash, password):
        raise ProblemException(403, "The current password is wrong.", type="/problems/wrong-password")
