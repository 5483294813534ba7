"""Codes of short URLs: random, or chosen by the user."""

import secrets
import string

ALPHABET = string.ascii_letters + string.digits
PATTERN = r"^[A-Za-z0-9_-]{3,32}$"
# Codes that would hide another path of this server, now or later.
RESERVED = frozenset(
    {"about", "admin", "api", "app", "assets", "docs", "health", "help", "login", "logout"}
    | {"openapi", "ready", "robots", "signup", "static", "www"}
)


def generate_code() -> str:
    """Return one of 62^7 codes (3.5 million million).

    From `secrets` and not from `random`: from some numbers of the latter its next ones can be computed, and
    with them the codes of other people's links. `choice` has no bias; `bytes % 62` would prefer the first
    characters.
    """
    return "".join(secrets.choice(ALPHABET) for _ in range(7))


def check_not_reserved(code: str) -> str:
    if code.lower() in RESERVED:
        raise ValueError("is reserved")
    return code
