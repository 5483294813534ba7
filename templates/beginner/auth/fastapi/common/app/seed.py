"""`python -m app.seed` makes an account to try. It is no admin: that is what `app.create_admin` is for."""

import asyncio
from uuid import UUID

from app.database import Db
from app.examples import add_examples


async def add_nothing_else(_: Db, __: UUID) -> None:
    """Do nothing: the account alone is the example."""


if __name__ == "__main__":
    asyncio.run(add_examples(add_nothing_else))
