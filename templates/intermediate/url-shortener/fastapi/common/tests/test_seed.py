"""`python -m app.seed`."""

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from app import seed
from app.config import Settings


async def test_seeding_twice_creates_the_links_once(
    app: FastAPI,
    visitor: AsyncClient,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(seed, "load_settings", lambda: settings)
    await seed.seed()
    assert "/http leads to https://www.rfc-editor.org/rfc/rfc9110.html" in capsys.readouterr().out
    await seed.seed()
    assert capsys.readouterr().out.splitlines() == [f"/{code} is there" for code in seed.LINKS]
    assert (await visitor.get("/http")).headers["location"] == "https://www.rfc-editor.org/rfc/rfc9110.html"


async def test_seeding_is_refused_in_production(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    production = settings.model_copy(update={"app_env": "production"})
    monkeypatch.setattr(seed, "load_settings", lambda: production)
    with pytest.raises(SystemExit, match="not for production"):
        await seed.seed()
