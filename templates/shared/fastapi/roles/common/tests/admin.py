"""How the tests make an admin: as the command does."""

from fastapi import FastAPI

from app.create_admin import create_admin
from app.database import open_db
from tests.sign_in import address


async def make_admin(app: FastAPI, name: str) -> None:
    async with open_db(app) as db:
        await create_admin(db, address(name), None)
