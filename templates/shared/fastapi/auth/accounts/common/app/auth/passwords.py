"""Passwords: Argon2id at the cost that the OWASP Password Storage Cheat Sheet recommends."""

from anyio import CapacityLimiter, to_thread
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn.frequency_lists import FREQUENCY_LISTS

hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# A hash takes tens of milliseconds and 19 MB by design. In a thread it does not stop other requests, and two
# at a time cannot take all memory when many log in at once.
limiter = CapacityLimiter(2)
COMMON = frozenset(password.casefold() for password in FREQUENCY_LISTS["passwords"])
# Verified when the address is unknown, so that such a log-in takes as long as any other.
UNKNOWN = hasher.hash("")


async def hash_password(password: str) -> str:
    return await to_thread.run_sync(hasher.hash, password, limiter=limiter)


async def verify_password(stored: str | None, password: str) -> bool:
    matches = await to_thread.run_sync(_matches, stored or UNKNOWN, password, limiter=limiter)
    return matches and stored is not None


def _matches(stored: str, password: str) -> bool:
    try:
        return hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
