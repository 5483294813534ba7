"""Everything belongs to the local user, and there is no signing in."""

import pytest
from httpx import AsyncClient


@pytest.mark.parametrize("path", ["signup", "login", "logout", "me", "csrf", "refresh"])
async def test_account_routes_return_404(visitor: AsyncClient, path: str) -> None:
    assert (await visitor.get(f"/api/v1/auth/{path}")).status_code == 404
    assert (await visitor.post(f"/api/v1/auth/{path}", json={})).status_code == 404
