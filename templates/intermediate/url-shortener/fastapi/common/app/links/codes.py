"""Codes: the part of a short URL that cannot be guessed, or that somebody chose."""

import secrets
import string

_ALPHABET = string.ascii_letters + string.digits
_LENGTH = 7
RESERVED = frozenset(
    {"about", "admin", "api", "app", "assets", "docs", "health", "help", "login", "logout"}
    | {"openapi", "ready", "robots", "signup", "static", "www"}
)
PATTERN = r"[A-Za-z0-9_-]{3,32}"


def generate_code() -> str:
    """Return a random code: 62^7, or 3.5 million million.

    From `secrets`, not `random`: who sees some codes of a Mersenne Twister knows the next ones,
    and with them links that were meant for others.
    """
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def check_custom_code(code: str) -> str:
    """Refuse a code that is the path of something else, now or in future."""
    if code.lower() in RESERVED:
        msg = "is reserved"
        raise ValueError(msg)
    return code
