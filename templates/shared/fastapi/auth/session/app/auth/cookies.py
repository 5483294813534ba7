"""The session's cookie, and the CSRF token that belongs to it."""

import hashlib
import hmac
import secrets
from datetime import timedelta

from fastapi import Request, Response

from app.settings import Settings

CSRF_COOKIE = "csrf_token"


class Cookies:
    """Writes and reads both cookies.

    In production the session's has the prefix `__Host-`: the browser then takes it only over
    TLS, and never from a neighbour (`evil.example.com` for `www.example.com`).
    """

    def __init__(self, settings: Settings) -> None:
        self._secure = settings.app_env == "production"
        self._name = "__Host-session" if self._secure else "session"
        self._life = timedelta(days=settings.session_days)
        self._key = hmac.digest(settings.secret_key.get_secret_value().encode(), b"csrf tokens", "sha256")

    def read(self, request: Request) -> tuple[str, str]:
        """Return the session's id and secret, as the client claims them."""
        session_id, _, secret = request.cookies.get(self._name, "").partition(".")
        return session_id, secret

    def write(self, response: Response, session_id: str, secret: str) -> None:
        """Sign the browser in, with a CSRF token of the new session."""
        response.set_cookie(
            self._name,
            f"{session_id}.{secret}",
            max_age=int(self._life.total_seconds()),
            secure=self._secure,
            httponly=True,  # no script reads it
            samesite="lax",
        )
        self._write_csrf_token(response, session_id)

    def clear(self, response: Response) -> None:
        """Sign the browser out."""
        response.delete_cookie(self._name, secure=self._secure, httponly=True, samesite="lax")
        self._write_csrf_token(response, "")

    def hand_out_csrf_token(self, request: Request, response: Response) -> str:
        """Give a page its CSRF token: the one it has, if that is good; another tab may be using it."""
        session_id, _ = self.read(request)
        current = request.cookies.get(CSRF_COOKIE, "")
        return current if self._fits(current, session_id) else self._write_csrf_token(response, session_id)

    def _write_csrf_token(self, response: Response, session_id: str) -> str:
        # A random number, and its signature together with the session's id. The signature is
        # what makes the double submission of cookie and header safe: a neighbour who can set a
        # cookie for this host still cannot make one that fits the victim's session (OWASP CSRF
        # Prevention Cheat Sheet, signed double-submit cookie).
        number = secrets.token_urlsafe(16)
        token = f"{number}.{self._sign(session_id, number)}"
        response.set_cookie(CSRF_COOKIE, token, secure=self._secure, samesite="lax")
        return token

    def has_csrf_token(self, request: Request) -> bool:
        """Tell whether the header repeats the cookie, and the token is of this session."""
        token = request.headers.get("x-csrf-token", "")
        repeated = hmac.compare_digest(token.encode(), request.cookies.get(CSRF_COOKIE, "").encode())
        return repeated and self._fits(token, self.read(request)[0])

    def _fits(self, token: str, session_id: str) -> bool:
        number, _, signature = token.partition(".")
        return hmac.compare_digest(signature.encode(), self._sign(session_id, number).encode())

    def _sign(self, session_id: str, number: str) -> str:
        return hmac.new(self._key, f"{session_id}.{number}".encode(), hashlib.sha256).hexdigest()


def new_secret() -> str:
    """Return a secret for a session."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """Return what is stored: who reads the database cannot sign in with it.

    A plain hash will do, unlike for passwords: nobody guesses 256 random bits.
    """
    return hashlib.sha256(secret.encode()).hexdigest()
