"""Bodies of sign-up, recovery and the change of an address."""

from typing import Annotated

from pydantic import Field

from app.auth.schemas import Email, GivenPassword, NewPassword
from app.schemas import RequestModel

Token = Annotated[str, Field(max_length=200)]


class Address(RequestModel):
    email: Email


class MailedTokenIn(RequestModel):
    token: Token


class PasswordReset(RequestModel):
    token: Token
    new_password: NewPassword


class EmailChange(RequestModel):
    new_email: Email
    password: GivenPassword
