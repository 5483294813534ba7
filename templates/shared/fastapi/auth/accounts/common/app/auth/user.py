"""People and their sessions, as every part of this feature knows them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody with an account."""

    id: str
    email: str
    name: str
    password_hash: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A time for which a user is signed in on one device.

    `verifier` is what the holder has to match beside knowing the id.
    """

    id: str
    user_id: str
    verifier: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The one who asks, and in which session."""

    user: User
    session: Session
