"""How the tests make an account."""

from httpx import AsyncClient


async def make_account(client: AsyncClient, account: dict[str, str]) -> None:
    await client.post("/api/v1/auth/signup", json=account)
