"""Bodies of the account routes."""

import unicodedata
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, EmailStr, Field, StringConstraints

from app.auth.passwords import COMMON
from app.schemas import RequestModel, ResponseModel, TimeOut

NO_CONTROL_CHARACTERS = r"^[^\x00-\x1f\x7f-\x9f]*$"


def _check_new_password(password: str) -> str:
    if password.casefold() in COMMON:
        raise ValueError("is too common")
    return password


def _check_email_key(email: str) -> str:
    if len(email_key(email)) > 254:  # some characters become several
        raise ValueError("is too long")
    return email


NewPassword = Annotated[str, Field(min_length=8, max_length=128), AfterValidator(_check_new_password)]
PersonName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=NO_CONTROL_CHARACTERS)
]
# To compare only: when this password was chosen, the rules for new ones may have been others.
GivenPassword = Annotated[str, Field(max_length=1024)]


class SignUp(RequestModel):
    email: Annotated[EmailStr, Field(max_length=254), AfterValidator(_check_email_key)]
    password: NewPassword
    name: PersonName


class LogIn(RequestModel):
    email: Annotated[str, Field(max_length=254, pattern=r"^[^\x00]*$")]
    password: GivenPassword


class PasswordChange(RequestModel):
    current_password: GivenPassword
    new_password: NewPassword


class AccountDeletion(RequestModel):
    password: GivenPassword


class UserOut(ResponseModel):
    id: UUID
    email: str
    name: str
    created_at: TimeOut


def email_key(email: str) -> str:
    """Return the form in which addresses are compared: without regard to case."""
    return unicodedata.normalize("NFKC", email).casefold()
