"""What the tests of links share."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from httpx import AsyncClient

LINKS = "/api/v1/links"
Make = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
def make(ann: AsyncClient) -> Make:
    """Make a link of Ann's."""

    async def made(**changes: Any) -> dict[str, Any]:
        response = await ann.post(LINKS, json={"url": "https://example.com/page", **changes})
        assert response.status_code == 201, response.text
        link: dict[str, Any] = response.json()
        return link

    return made
