"""The provider of these tests."""

import pytest
from fastapi import FastAPI

from app.config import Settings
from tests.weather.fake_provider import FakeProvider, use_fake_provider


@pytest.fixture
async def provider(app: FastAPI, settings: Settings) -> FakeProvider:
    return use_fake_provider(app, settings)
