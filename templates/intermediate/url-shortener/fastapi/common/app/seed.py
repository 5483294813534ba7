"""`python -m app.seed` puts some links into a new database, to have something to look at."""

import asyncio

from app.auth.seed import seed_user
from app.cache import Cache
from app.db import Database
from app.errors import ProblemError
from app.links.schemas import LinkCreate
from app.links.service import LinkService
from app.settings import Settings, load_settings

_LINKS = {
    "http": "https://www.rfc-editor.org/rfc/rfc9110.html",
    "problems": "https://www.rfc-editor.org/rfc/rfc9457.html",
    "uuid-v7": "https://www.rfc-editor.org/rfc/rfc9562.html#name-uuid-version-7",
}


async def seed(settings: Settings) -> None:
    """Make the links that are not there yet."""
    async with Database(settings) as database, Cache(settings) as cache:
        owner_id = await seed_user(database)
        links = LinkService(database, cache, settings.public_url)
        for code, url in _LINKS.items():
            try:
                link = await links.create(owner_id, LinkCreate(url=url, code=code))
                print(f"{settings.public_url}/{link.code} → {url}")  # noqa: T201
            except ProblemError as problem:
                print(f"{code}: {problem.detail}")  # noqa: T201


if __name__ == "__main__":
    asyncio.run(seed(load_settings()))
