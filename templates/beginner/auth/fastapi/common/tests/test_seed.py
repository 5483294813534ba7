"""`python -m app.seed`."""

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from app import examples
from app.config import Settings
from app.seed import add_nothing_else
from tests.sign_in import log_in


async def test_example_account_is_made_once_and_is_no_admin(
    app: FastAPI, settings: Settings, visitor: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examples, "load_settings", lambda: settings)
    for _ in range(2):
        await examples.add_examples(add_nothing_else)
    assert await log_in(visitor, "ann") == 200
    assert (await visitor.get("/api/v1/auth/me")).json()["role"] == "user"


async def test_examples_are_refused_in_production(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    production = settings.model_copy(update={"app_env": "production"})
    monkeypatch.setattr(examples, "load_settings", lambda: production)
    with pytest.raises(SystemExit, match="not for production"):
        await examples.add_examples(add_nothing_else)
