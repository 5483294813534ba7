"""The tests need not sign in."""

from httpx import AsyncClient


async def prepare(client: AsyncClient) -> None:
    """Nothing is needed before the first request."""


async def sign_in(client: AsyncClient, name: str) -> None:
    """There is only one user."""
