"""What the whole API demands of a request, before its route does."""

from typing import Any

from fastapi.params import Depends

API_GUARDS: list[Depends] = []
API_RESPONSES: dict[int | str, dict[str, Any]] = {}
CORS_CREDENTIALS = False
