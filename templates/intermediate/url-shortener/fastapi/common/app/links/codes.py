"""Codes: the part of a short URL that nobody can guess, or that somebody chose."""

import re
import secrets
import string

ALPHABET = string.ascii_letters + string.digits
PATTERN = re.compile(r"[A-Za-z0-9_-]{3,32}")
# Paths of something else, now or later.
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


def is_code(text: str) -> bool:
    """Tell whether this can be a code. What cannot is not looked up."""
    return PATTERN.fullmatch(text) is not None and text.lower() not in RESERVED


def check_custom_code(code: str) -> str:
    if not is_code(code):
        raise ValueError("must be 3 to 32 letters, digits, - or _, and not a reserved word")
    return code
