"""What the whole API demands of a request, before its route does: with bearer tokens, nothing.

A browser does not send an `Authorization` header by itself, so there is no CSRF.
"""

from typing import Any

from fastapi.params import Depends

API_GUARDS: list[Depends] = []
API_RESPONSES: dict[int | str, dict[str, Any]] = {}
CORS_CREDENTIALS = False
CHALLENGE = {"WWW-Authenticate": "Bearer"}  # of every 401 (RFC 6750)
