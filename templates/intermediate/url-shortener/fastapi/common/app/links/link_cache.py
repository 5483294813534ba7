"""The redirect's view of a link, kept in the cache."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from app.cache import Cache
from app.links.link import Link

_KNOWN_SECONDS = 60
_UNKNOWN_SECONDS = 5


class Target(NamedTuple):
    """Where a code leads. `expires` is in seconds since 1970; 0 if never."""

    link_id: str
    expires: float
    url: str  # empty: gone, whatever the time


class LinkCache:
    """Looks up codes, in the cache first.

    The rule that keeps it right: who changes a link puts the new state here after the commit,
    and a reader only fills gaps. A reader that removed or overwrote could bring back the state
    that it read before the change.
    """

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    async def find(self, code: str, load: Callable[[str], Awaitable[Link | None]]) -> Target | None:
        """Return where the code leads, None if nowhere."""
        found = await self._cache.get(code)
        value = found.value
        if value is None:
            link = await load(code)
            value = _encode(link)
            # An unknown code is kept, too: a robot that tries them all shall not reach the
            # database. But briefly, for each entry takes the place of a useful one.
            seconds = _KNOWN_SECONDS if link else _UNKNOWN_SECONDS
            await self._cache.fill(code, value, seconds, found.epoch)
        return _decode(value)

    async def put(self, link: Link) -> None:
        """Make a committed change take effect on the next redirect."""
        await self._cache.put(link.code, _encode(link), _KNOWN_SECONDS)


def _encode(link: Link | None) -> str:
    # Four fields and no JSON: this is read on every redirect. A URL holds no line break.
    if link is None:
        return ""
    expires = link.expires_at.timestamp() if link.expires_at else 0
    gone = link.deleted_at is not None or not link.enabled
    return f"{link.id}\n{expires}\n{'' if gone else link.url}"


def _decode(value: str) -> Target | None:
    if not value:
        return None
    link_id, expires, url = value.split("\n")
    return Target(link_id, float(expires), url)
