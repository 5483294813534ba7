"""JSON Web Tokens (RFC 7519, with the advice of RFC 8725)."""

import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

import jwt

from app.auth.guards import CHALLENGE
from app.errors import ProblemError
from app.settings import Settings
from app.times import now

Kind = Literal["access", "refresh"]
_ALGORITHM = "HS256"
_CLAIMS = ["iss", "aud", "sub", "sid", "jti", "typ", "iat", "exp"]


@dataclass(frozen=True, slots=True)
class Claims:
    """What a genuine token says."""

    user_id: str
    session_id: str
    token_id: str


class Tokens:
    """Signs tokens and checks them.

    Algorithm, issuer, audience and kind are ours to say, never the token's: one that names
    "none" as its algorithm, or a refresh token used as an access token, is refused.
    """

    def __init__(self, settings: Settings) -> None:
        # A key of its own: what is signed for another purpose is never a token.
        secret = settings.secret_key.get_secret_value().encode()
        self._key = hmac.digest(secret, b"json web tokens", "sha256")
        self._issuer = settings.public_url
        self._lives: dict[Kind, timedelta] = {
            "access": timedelta(minutes=settings.access_token_minutes),
            "refresh": timedelta(days=settings.refresh_token_days),
        }

    def life(self, kind: Kind) -> timedelta:
        """Return how long a token of this kind lives."""
        return self._lives[kind]

    def sign(self, kind: Kind, claims: Claims) -> str:
        """Return a token."""
        moment = now()
        payload = {
            "iss": self._issuer,
            "aud": self._issuer,
            "sub": claims.user_id,
            "sid": claims.session_id,
            "jti": claims.token_id,
            "typ": kind,
            "iat": moment,
            "exp": moment + self._lives[kind],
        }
        return jwt.encode(payload, self._key, _ALGORITHM)

    def read(self, kind: Kind, token: str) -> Claims:
        """Return what a token says.

        Raises:
            ProblemError: 401 if it is not a token of ours and of this kind, or has expired.
        """
        try:
            payload = jwt.decode(
                token,
                self._key,
                algorithms=[_ALGORITHM],
                issuer=self._issuer,
                audience=self._issuer,
                options={"require": _CLAIMS},
            )
        except (jwt.InvalidTokenError, ValueError):
            raise unauthenticated() from None
        if payload["typ"] != kind:
            raise unauthenticated()
        return Claims(payload["sub"], str(payload["sid"]), str(payload["jti"]))


def unauthenticated() -> ProblemError:
    """Return the 401, the same for every reason."""
    return ProblemError(401, "Sign in first.", headers=CHALLENGE)
