"""The application: `create_app` puts it together and does not listen."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import APIRouter, FastAPI

from app import operations
from app.auth.guards import API_GUARDS, API_RESPONSES, CORS_CREDENTIALS
from app.cache import Cache
from app.db import Database
from app.docs import install_docs
from app.errors import install_error_handlers
from app.middleware import CorsMiddleware, RateLimitMiddleware, RequestMiddleware
from app.settings import Settings
from app.wiring import ACCOUNT_HOOKS, LIFESPANS, ROOT_ROUTERS, ROUTERS, TITLE


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    # Neither the database nor the cache is contacted here: the process starts without them
    # and /ready tells. What is entered last (a click counter) is left first, while the
    # database it writes to is still open.
    settings: Settings = app.state.settings
    async with AsyncExitStack() as stack:
        app.state.database = await stack.enter_async_context(Database(settings))
        app.state.cache = await stack.enter_async_context(Cache(settings))
        for lifespan in LIFESPANS:
            await stack.enter_async_context(lifespan(app))
        yield


def create_app(settings: Settings) -> FastAPI:
    """Return the application for these settings."""
    app = FastAPI(
        title=TITLE,
        lifespan=_lifespan,
        redirect_slashes=False,
        # Ours, in app/docs.py: without a CDN, and with every answer described.
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
    )
    app.state.settings = settings
    app.state.account_hooks = ACCOUNT_HOOKS

    for router in ROOT_ROUTERS:
        app.include_router(router)
    app.include_router(operations.router)
    api = APIRouter(prefix="/api/v1", dependencies=API_GUARDS, responses=API_RESPONSES)
    for router in ROUTERS:
        api.include_router(router)
    app.include_router(api)
    if settings.serves_docs:
        install_docs(app)

    install_error_handlers(app)
    # The last one added is the first to see a request.
    app.add_middleware(RateLimitMiddleware, settings=settings)
    if settings.cors_origins:
        app.add_middleware(
            CorsMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "HEAD", "POST", "PATCH", "DELETE"],
            allow_headers=["*"],
            allow_credentials=CORS_CREDENTIALS,
            expose_headers=["ETag", "Location", "Retry-After", "X-Request-Id"],
        )
    app.add_middleware(RequestMiddleware, settings=settings)
    return app
