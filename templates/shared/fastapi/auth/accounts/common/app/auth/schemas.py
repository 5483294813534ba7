"""Bodies that all kinds of signing in share."""

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from app.auth.passwords import is_common
from app.schemas import AnswerModel, RequestModel
from app.times import Timestamp

_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z0-9-]{2,63}")


def address_key(email: str) -> str:
    """Return the form in which addresses are compared."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", email).casefold())


def _check_email(email: str) -> str:
    msg = "must be an e-mail address"
    local, _, domain = unicodedata.normalize("NFKC", email).rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode()  # domains exist in other scripts, too
    except UnicodeError as error:
        raise ValueError(msg) from error
    # Normalised, one character can become several: what is compared has its limit, too.
    if not _EMAIL.fullmatch(f"{local}@{ascii_domain}") or len(address_key(email)) > 254:
        raise ValueError(msg)
    return email


def _check_name(name: str) -> str:
    name = name.strip()
    if not 1 <= len(name) <= 100 or any(unicodedata.category(character) == "Cc" for character in name):
        msg = "must have 1 to 100 characters and no control characters"
        raise ValueError(msg)
    return name


def _check_password(password: str) -> str:
    if is_common(password):
        msg = "is one of the first that everybody tries"
        raise ValueError(msg)
    return password


Email = Annotated[str, StringConstraints(max_length=254), AfterValidator(_check_email)]
Name = Annotated[str, AfterValidator(_check_name)]
NewPassword = Annotated[str, StringConstraints(min_length=8, max_length=128), AfterValidator(_check_password)]
AnyString = Annotated[str, StringConstraints(max_length=1024)]
"""An address or a password to be compared: what it should look like is nobody's business."""


class SignUp(RequestModel):
    """A new account."""

    email: Email
    password: NewPassword
    name: Name


class LogIn(RequestModel):
    """Who claims to be whom."""

    email: AnyString
    password: AnyString


class PasswordChange(RequestModel):
    """A new password, and a proof that it is the owner who sets it."""

    current_password: AnyString
    new_password: NewPassword


class AccountDeletion(RequestModel):
    """A proof that it is the owner who leaves."""

    password: AnyString


class UserOut(AnswerModel):
    """A user, as shown to that user."""

    id: str
    email: str
    name: str
    created_at: Timestamp
