"""What the whole API demands of a request, before its route does: a CSRF token, to change anything."""

from fastapi import Depends, Request

from app.auth.cookies import Cookies
from app.dependencies import SettingsDep
from app.errors import ProblemError
from app.openapi import problems

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


async def require_csrf_token(request: Request, settings: SettingsDep) -> None:
    """Refuse a request that another site may have made the browser send.

    Log-in and sign-up included: else that site could sign the victim in as the attacker,
    and read later what the victim stored there.
    """
    if request.method not in _SAFE and not Cookies(settings).has_csrf_token(request):
        raise ProblemError(403, "The X-CSRF-Token header is missing or wrong.", kind="csrf")


API_GUARDS = [Depends(require_csrf_token)]
API_RESPONSES = problems(403)
CORS_CREDENTIALS = True
CHALLENGE: dict[str, str] = {}  # no registered scheme stands for a cookie
