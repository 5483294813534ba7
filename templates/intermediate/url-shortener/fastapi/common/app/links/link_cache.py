"""What a redirect has to know about a link, kept in the cache.

Whoever changes a link puts its new state here after the commit, under a higher version. Deleting the entry
instead would not do: a reader that has read the old state just before could store it again.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated, NamedTuple
from uuid import UUID

from fastapi import Depends, Request

from app.cache import Cache
from app.links.models import Link

KNOWN_SECONDS = 60
UNKNOWN_SECONDS = 5


class Target(NamedTuple):
    link_id: UUID
    expires: float  # seconds since 1970, 0 if never
    url: str  # empty if the link is disabled or deleted


async def find_target(
    cache: Cache, code: str, load: Callable[[str], Awaitable[Link | None]]
) -> Target | None:
    """Return where a code leads, None if nowhere. `load` asks the database, if the cache does not know."""
    value = await cache.get(f"link:{code}")
    if value is None:
        if link := await load(code):
            value = await put_link(cache, link)
        else:
            # Unknown codes are kept, too: a robot that tries them all does not reach the database. But
            # briefly, since each takes the place of a useful entry.
            await cache.put(f"link:{code}", 0, "", UNKNOWN_SECONDS)
    if not value:
        return None
    link_id, expires, url = value.split("\n")
    return Target(UUID(link_id), float(expires), url)


async def put_link(cache: Cache, link: Link) -> str:
    """Make a committed change take effect on the next redirect."""
    # Three lines and no JSON: this is read on every redirect. A URL has no line break.
    expires = link.expires_at.timestamp() if link.expires_at else 0
    value = f"{link.id}\n{expires}\n{link.url if link.enabled and link.url else ''}"
    await cache.put(f"link:{link.code}", link.version, value, KNOWN_SECONDS)
    return value


async def get_cache(request: Request) -> Cache:
    cache: Cache = request.app.state.cache
    return cache


CacheDep = Annotated[Cache, Depends(get_cache)]
