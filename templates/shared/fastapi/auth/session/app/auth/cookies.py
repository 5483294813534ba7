"""The session's cookie."""

from datetime import timedelta

from fastapi import Request, Response

from app.config import Settings


def cookie_name(settings: Settings) -> str:
    # With the prefix `__Host-` a browser takes the cookie only over TLS, and never from another subdomain.
    return "__Host-session" if settings.app_env == "production" else "session"


def read_session_cookie(request: Request, settings: Settings) -> tuple[str, str]:
    """Return the session's id and secret, as the client sent them, not yet checked."""
    session_id, _, secret = request.cookies.get(cookie_name(settings), "").partition(".")
    return session_id, secret


def set_session_cookie(response: Response, settings: Settings, session_id: str, secret: str) -> None:
    response.set_cookie(
        cookie_name(settings),
        f"{session_id}.{secret}",
        max_age=int(timedelta(days=settings.session_days).total_seconds()),
        secure=settings.app_env == "production",
        httponly=True,  # no script reads it
        samesite="lax",
    )


def delete_session_cookie(response: Response, settings: Settings) -> None:
    secure = settings.app_env == "production"
    response.delete_cookie(cookie_name(settings), secure=secure, httponly=True, samesite="lax")
