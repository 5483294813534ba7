"""The tokens in mails."""

import hashlib
import secrets


def new_token() -> str:
    """Return 256 random bits, in characters that a link may have."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """Return what is stored, so that whoever reads the database cannot use a link that is on its way.

    A plain hash will do here, unlike for passwords: nobody guesses 256 random bits.
    """
    return hashlib.sha256(token.encode()).hexdigest()
