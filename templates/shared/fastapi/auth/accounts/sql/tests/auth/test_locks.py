"""Transactions that change a user at the same moment."""

import asyncio
from datetime import timedelta

from fastapi import FastAPI
from sqlalchemy import update

from app.auth.models import User
from app.auth.service import create_session, find_user
from app.database import open_db
from app.schemas import now
from tests.conftest import SignIn
from tests.sign_in import address


async def test_session_waits_for_a_change_of_the_password(as_user: SignIn, app: FastAPI) -> None:
    await as_user("ann")
    async with open_db(app) as changing, open_db(app) as db:
        user = await find_user(db, address("ann"))
        assert user
        await changing.execute(update(User).where(User.id == user.id).values(password_hash="new"))
        session = asyncio.create_task(create_session(db, user, "secret", now() + timedelta(days=1)))
        await asyncio.sleep(0.1)
        assert not session.done()
        await changing.commit()
        assert await session is None
