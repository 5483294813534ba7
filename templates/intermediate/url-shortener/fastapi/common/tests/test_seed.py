"""`python -m app.seed`."""

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from app.seed import seed
from app.settings import Settings


async def test_there_is_something_to_look_at(
    app: FastAPI, visitor: AsyncClient, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    await seed(settings)
    assert "http://sho.rt/http → https://www.rfc-editor.org/rfc/rfc9110.html" in capsys.readouterr().out
    assert (await visitor.get("/http")).headers["location"] == "https://www.rfc-editor.org/rfc/rfc9110.html"


async def test_seeding_again_adds_nothing(
    app: FastAPI, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    await seed(settings)
    capsys.readouterr()
    await seed(settings)
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(": ")[2] for line in lines] == ["This code is taken."] * 3
