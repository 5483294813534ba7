"""CSRF tokens: the signed double-submit cookie of the OWASP CSRF Prevention Cheat Sheet.

A page reads the token from the cookie `csrf_token` and sends it back in the header `X-CSRF-Token`. Another
site can make a browser send the cookie, but it can neither read it nor write the header: a page of another
origin that adds a header of its own is asked for by a CORS preflight, which only CORS_ORIGINS pass. The
signature ties the token to the session: a neighbouring subdomain that sets a cookie for this host still
cannot make a token for it. Before log-in there is no session, and the token of one visitor fits all others:
there the header alone protects.
"""

import hmac
import secrets

from fastapi import Request, Response

from app.auth.cookies import delete_session_cookie, read_session_cookie
from app.config import Settings, SettingsDep
from app.errors import ProblemException

CSRF_COOKIE = "csrf_token"
# For Swagger UI, so that "Try it out" sends the token. The value of its option is a function, which FastAPI's
# `swagger_ui_parameters` cannot hold.
CSRF_INTERCEPTOR = """
    requestInterceptor: (request) => {
        const token = document.cookie.match(/(?:^|; )csrf_token=([^;]*)/);
        if (token) request.headers["X-CSRF-Token"] = token[1];
        return request;
    },"""


async def require_csrf_token(request: Request, settings: SettingsDep) -> None:
    """Refuse a request that another site may have made the browser send, log-in and sign-up included.

    Without it that site could sign the visitor in as the attacker, and read later what the visitor stored
    there.
    """
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    token = request.headers.get("x-csrf-token", "")
    session_id, _ = read_session_cookie(request, settings)
    repeated = hmac.compare_digest(token.encode(), request.cookies.get(CSRF_COOKIE, "").encode())
    if not repeated or not _is_valid(settings, session_id, token):
        raise ProblemException(403, "The X-CSRF-Token header is missing or wrong.", type="/problems/csrf")


def get_or_set_csrf_token(request: Request, response: Response, settings: Settings) -> str:
    """Return the token of a page: the one it has if that is valid, since another tab may be using it."""
    session_id, _ = read_session_cookie(request, settings)
    current = request.cookies.get(CSRF_COOKIE, "")
    if _is_valid(settings, session_id, current):
        return current
    return set_csrf_token(response, settings, session_id)


def set_csrf_token(response: Response, settings: Settings, session_id: str) -> str:
    number = secrets.token_urlsafe(16)
    token = f"{number}.{_sign(settings, session_id, number)}"
    response.set_cookie(CSRF_COOKIE, token, secure=settings.app_env == "production", samesite="lax")
    return token


async def clear_cookies(response: Response, settings: SettingsDep) -> None:
    delete_session_cookie(response, settings)
    set_csrf_token(response, settings, "")


def _is_valid(settings: Settings, session_id: str, token: str) -> bool:
    number, _, signature = token.partition(".")
    return hmac.compare_digest(signature.encode(), _sign(settings, session_id, number).encode())


def _sign(settings: Settings, session_id: str, number: str) -> str:
    key = hmac.digest(settings.secret_key.get_secret_value().encode(), b"csrf tokens", "sha256")
    return hmac.digest(key, f"{session_id}.{number}".encode(), "sha256").hex()
