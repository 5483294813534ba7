"""The whole application, driven over HTTP without a port."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from app.main import create_app
from app.migrate import migrate
from app.settings import Settings, load_settings
from tests.database import default_url, empty
from tests.people import sign_in

SignedIn = Callable[[str], Awaitable[AsyncClient]]


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    environment = {
        "APP_ENV": "test",
        "SECRET_KEY": "only-for-tests",
        "PUBLIC_URL": "http://sho.rt",
        "DATABASE_URL": os.environ.get("DATABASE_URL") or default_url(tmp_path_factory.mktemp("database")),
        "CORS_ORIGINS": "https://pages.example",
        "RATE_LIMIT": "0",
        "TRUSTED_PROXIES": "10.0.0.0/8",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        settings = load_settings()
    migrate(settings)
    return settings


@pytest.fixture(scope="session")
def built(settings: Settings) -> FastAPI:
    # Once: putting it together takes longer than most tests do.
    return create_app(settings)


@pytest.fixture
async def app(built: FastAPI) -> AsyncIterator[FastAPI]:
    """The application, started anew on an empty database."""
    async with built.router.lifespan_context(built):
        await empty(built.state.database)
        yield built


@pytest.fixture
async def visitor(app: FastAPI) -> AsyncIterator[AsyncClient]:
    """Somebody who is not signed in."""
    async with AsyncClient(transport=ASGITransport(app), base_url="http://sho.rt") as client:
        yield client


@pytest.fixture
async def as_user(app: FastAPI) -> AsyncIterator[SignedIn]:
    """Sign somebody in, whichever way this project does."""
    async with AsyncExitStack() as stack:

        async def signed_in(name: str) -> AsyncClient:
            client = AsyncClient(transport=ASGITransport(app), base_url="http://sho.rt")
            await stack.enter_async_context(client)
            await sign_in(client, name)
            return client

        yield signed_in


@pytest.fixture
async def ann(as_user: SignedIn) -> AsyncClient:
    """Somebody who is signed in."""
    return await as_user("ann")
