"""The routers of this feature."""

from app.auth.router import router as accounts_router
from app.auth.sessions import router as sessions_router

__all__ = ["accounts_router", "sessions_router"]
