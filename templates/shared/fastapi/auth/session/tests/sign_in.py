"""How the tests sign in: with a session cookie, and a CSRF token in each request."""

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
    """Get a CSRF token, and send it from now on."""
    response = await client.get("/api/v1/auth/csrf")
    client.headers["X-CSRF-Token"] = response.json()["csrfToken"]


async def log_in(client: AsyncClient, name: str, password: str = PASSWORD) -> int:
    await prepare(client)
    response = await client.post("/api/v1/auth/login", json={"email": address(name), "password": password})
    await prepare(client)
    return response.status_code


async def sign_in(client: AsyncClient, name: str) -> None:
    await prepare(client)
    account = {"email": address(name), "password": PASSWORD, "name": name}
    await make_account(client, account)
    assert await log_in(client, name) == 200
