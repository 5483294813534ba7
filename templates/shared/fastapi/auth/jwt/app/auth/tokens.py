"""JSON Web Tokens (RFC 7519, with the advice of RFC 8725)."""

import hmac
from datetime import timedelta
from typing import Literal, NamedTuple
from uuid import UUID

import jwt

from app.config import Settings
from app.schemas import now

TokenType = Literal["access", "refresh"]
LEEWAY = 30  # seconds by which clocks may differ


class Claims(NamedTuple):
    user_id: UUID
    session_id: UUID
    token_id: str


def token_life(settings: Settings, token_type: TokenType) -> timedelta:
    if token_type == "access":  # noqa: S105 - not a password
        return timedelta(minutes=settings.access_token_minutes)
    return timedelta(days=settings.refresh_token_days)


def create_token(settings: Settings, token_type: TokenType, claims: Claims) -> str:
    payload = {
        "iss": settings.public_url,
        "aud": settings.public_url,
        "sub": str(claims.user_id),
        "sid": str(claims.session_id),
        "jti": claims.token_id,
        "typ": token_type,
        "iat": now(),
        "exp": now() + token_life(settings, token_type),
    }
    return jwt.encode(payload, _key(settings), "HS256")


def read_token(settings: Settings, token_type: TokenType, token: str) -> Claims:
    """Return what a token says; ValueError if it is not one of this server and of this type, or has expired.

    Algorithm, issuer, audience and type are fixed by the server. A token that names "none" as its algorithm,
    or a refresh token used as an access token, is refused.
    """
    try:
        payload = jwt.decode(
            token,
            _key(settings),
            algorithms=["HS256"],
            issuer=settings.public_url,
            audience=settings.public_url,
            leeway=LEEWAY,
            options={"require": ["iss", "aud", "sub", "sid", "jti", "typ", "iat", "exp"]},
        )
    except jwt.InvalidTokenError as error:
        raise ValueError("not a valid token") from error
    if payload["typ"] != token_type:
        raise ValueError("a token of another type")
    return Claims(UUID(str(payload["sub"])), UUID(str(payload["sid"])), str(payload["jti"]))


def _key(settings: Settings) -> bytes:
    # A key for tokens only: nothing that is signed for another purpose can pass as a token.
    return hmac.digest(settings.secret_key.get_secret_value().encode(), b"json web tokens", "sha256")
