"""The provider of these tests."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from app.config import Settings
from app.weather.service import WeatherService
from tests.weather.fake_provider import FakeProvider


@pytest.fixture
async def provider(app: FastAPI, settings: Settings) -> AsyncIterator[FakeProvider]:
    """What the application asks instead of a real provider."""
    async with httpx.AsyncClient() as http:
        provider = FakeProvider(http, settings)
        app.state.weather = WeatherService(provider, app.state.cache, settings)
        yield provider
