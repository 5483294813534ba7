"""What every seed command does around its example data."""

import sys
from collections.abc import Awaitable, Callable
from uuid import UUID

from app.auth.seed import seed_user
from app.config import load_settings
from app.database import Db
from app.engine import create_engine


async def add_examples(add: Callable[[Db, UUID], Awaitable[None]]) -> None:
    """Call `add` with the database and the owner of the examples."""
    settings = load_settings()
    if settings.app_env == "production":
        sys.exit("The example data is not for production.")
    engine = create_engine(settings.database_url)
    async with Db(engine, expire_on_commit=False) as db:
        await add(db, await seed_user(db))
    await engine.dispose()
