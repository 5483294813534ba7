"""`python -m app.seed` puts some links into the database, to have something to look at; safe to run twice."""

import asyncio
import sys

from fastapi import HTTPException

from app.auth.seed import seed_user
from app.config import load_settings
from app.database import open_db
from app.links.schemas import LinkCreate
from app.links.service import create_link
from app.main import create_app

LINKS = {
    "http": "https://www.rfc-editor.org/rfc/rfc9110.html",
    "problems": "https://www.rfc-editor.org/rfc/rfc9457.html",
    "uuid-v7": "https://www.rfc-editor.org/rfc/rfc9562.html#name-uuid-version-7",
}


async def seed() -> None:
    settings = load_settings()
    if settings.app_env == "production":
        sys.exit("The example data is not for production: everybody knows the password of its account.")
    app = create_app(settings)
    async with app.router.lifespan_context(app), open_db(app) as db:
        owner_id = await seed_user(db)
        for code, url in LINKS.items():
            try:
                await create_link(db, owner_id, LinkCreate(url=url, code=code))
                print(f"/{code} leads to {url}")
            except HTTPException as error:
                if error.status_code != 409:
                    raise
                print(f"/{code} is there")


if __name__ == "__main__":
    asyncio.run(seed())
