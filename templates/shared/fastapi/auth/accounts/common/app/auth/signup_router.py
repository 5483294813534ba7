"""`/api/v1/auth/signup`."""

from fastapi import APIRouter, HTTPException

from app.auth import service
from app.auth.passwords import hash_password
from app.auth.schemas import SignUp, UserOut
from app.database import DbDep

router = APIRouter(prefix="/auth", tags=["auth"])


@router.post("/signup", status_code=201)
async def sign_up(body: SignUp, db: DbDep) -> UserOut:
    """Create an account. The user still has to log in."""
    user = await service.create_user(db, body.email, body.name, await hash_password(body.password))
    if user is None:
        raise HTTPException(409, "An account with this e-mail address already exists.")
    return UserOut.model_validate(user)
