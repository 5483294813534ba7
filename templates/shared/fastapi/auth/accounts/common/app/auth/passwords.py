"""Passwords: Argon2id with the parameters of the OWASP Password Storage Cheat Sheet."""

from anyio import CapacityLimiter, to_thread
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn.frequency_lists import FREQUENCY_LISTS

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# Hashing takes tens of milliseconds of one core and 19 MB by design: in threads, lest it stops
# all other requests, and few at a time, lest a flood of log-ins takes all memory.
_limiter = CapacityLimiter(2)
_COMMON = frozenset(password.casefold() for password in FREQUENCY_LISTS["passwords"])
# The hash of no password: an unknown address must cost the same time as a known one.
_NOBODY = _hasher.hash("")


async def hash_password(password: str) -> str:
    """Return what to store."""
    return await to_thread.run_sync(_hasher.hash, password, limiter=_limiter)


async def verify_password(stored: str | None, password: str) -> bool:
    """Tell whether the password is right; without a stored hash it is wrong, just as slowly."""
    matches = await to_thread.run_sync(_matches, stored or _NOBODY, password, limiter=_limiter)
    return matches and stored is not None


def is_common(password: str) -> bool:
    """Tell whether it is among the first that everybody tries (NIST SP 800-63B, 5.1.1.2)."""
    return password.casefold() in _COMMON


def _matches(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
