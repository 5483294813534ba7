"""`/api/v1/auth`: what all kinds of signing in share."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.auth.accounts import Accounts
from app.auth.dependencies import CurrentSession, CurrentUser
from app.auth.schemas import AccountDeletion, PasswordChange, SignUp, UserOut
from app.json_body import JsonBody
from app.openapi import problems

router = APIRouter(prefix="/auth", tags=["auth"])


@router.post("/signup", status_code=201, summary="Sign up", responses=problems(409))
async def sign_up(body: Annotated[SignUp, Depends(JsonBody(SignUp))], accounts: Accounts) -> UserOut:
    """Make an account. It does not sign in."""
    return UserOut.model_validate(await accounts.sign_up(body))


@router.get("/me", summary="Who am I?")
async def me(user: CurrentUser) -> UserOut:
    """Return the user as at sign-up."""
    return UserOut.model_validate(user)


@router.post("/password", status_code=204, summary="Change the password", responses=problems(403, 409))
async def change_password(
    who: CurrentSession,
    body: Annotated[PasswordChange, Depends(JsonBody(PasswordChange))],
    accounts: Accounts,
) -> Response:
    """End all other sessions, too: whoever has the old password is out."""
    await accounts.change_password(who, body.current_password, body.new_password)
    return Response(status_code=204)


@router.delete("/me", status_code=204, summary="Delete the account", responses=problems(403))
async def delete_me(
    user: CurrentUser,
    body: Annotated[AccountDeletion, Depends(JsonBody(AccountDeletion))],
    accounts: Accounts,
) -> Response:
    """Delete everything that belongs to the account."""
    await accounts.delete(user, body.password)
    return Response(status_code=204)
