"""How the tests sign in: with a bearer token."""

from argon2 import PasswordHasher
from httpx import AsyncClient

from app.auth import passwords
from tests.sign_up import make_account

# At its real cost, hashing would take most of the time of these tests.
passwords.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

PASSWORD = "correct horse battery"


def address(name: str) -> str:
    return f"{name}@example.com"


async def prepare(client: AsyncClient) -> None:
    """Nothing is needed before the first request."""


async def log_in(client: AsyncClient, name: str, password: str = PASSWORD) -> int:
    response = await client.post("/api/v1/auth/login", json={"email": address(name), "password": password})
    if response.status_code == 200:
        client.headers["Authorization"] = f"Bearer {response.json()['accessToken']}"
    return response.status_code


async def sign_in(client: AsyncClient, name: str) -> None:
    account = {"email": address(name), "password": PASSWORD, "name": name}
    await make_account(client, account)
    assert await log_in(client, name) == 200
