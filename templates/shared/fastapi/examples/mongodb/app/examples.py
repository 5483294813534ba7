"""What every seed command does around its example data."""

import sys
from collections.abc import Awaitable, Callable
from uuid import UUID

from app.auth.seed import seed_user
from app.config import load_settings
from app.database import Db, create_client


async def add_examples(add: Callable[[Db, UUID], Awaitable[None]]) -> None:
    """Call `add` with the database and the owner of the examples."""
    settings = load_settings()
    if settings.app_env == "production":
        sys.exit("The example data is not for production.")
    async with create_client(settings.database_url) as client:
        db = client.get_default_database()
        await add(db, await seed_user(db))
