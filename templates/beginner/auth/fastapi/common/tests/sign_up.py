"""How the tests make an account: by signing up, and by the link in the mail."""

from httpx import AsyncClient

from tests.outbox import outbox


async def make_account(client: AsyncClient, account: dict[str, str]) -> None:
    await client.post("/api/v1/auth/signup", json=account)
    if token := outbox[-1].token:  # none if the address has an account
        await client.post("/api/v1/auth/verify-email", json={"token": token})
