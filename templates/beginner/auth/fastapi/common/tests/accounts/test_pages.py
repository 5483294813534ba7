"""The pages that the links in mails lead to."""

import base64
import hashlib

import pytest
from httpx import AsyncClient

PAGES = ("/verify-email", "/reset-password", "/confirm-email")


@pytest.mark.parametrize("path", PAGES)
async def test_page_has_a_form_and_runs_its_own_script_alone(visitor: AsyncClient, path: str) -> None:
    response = await visitor.get(path)
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert "<form" in response.text
    script = response.text.partition("<script>")[2].partition("</script>")[0]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}';" in response.headers["content-security-policy"]


@pytest.mark.parametrize("path", PAGES)
async def test_page_answers_head_and_nothing_else(visitor: AsyncClient, path: str) -> None:
    assert (await visitor.head(path)).status_code == 200
    assert (await visitor.put(path)).status_code in (403, 405)


async def test_pages_are_not_in_the_openapi_document(visitor: AsyncClient) -> None:
    assert set(PAGES).isdisjoint((await visitor.get("/openapi.json")).json()["paths"])
