"""What routes ask for, whatever their feature.

All of it is `async`, though nothing waits: FastAPI sends a plain function to a thread and back.
"""

from typing import Annotated

from fastapi import Depends, Request

from app.cache import Cache
from app.db import Database
from app.settings import Settings


async def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


async def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


async def _cache(request: Request) -> Cache:
    cache: Cache = request.app.state.cache
    return cache


SettingsDep = Annotated[Settings, Depends(_settings)]
DatabaseDep = Annotated[Database, Depends(_database)]
CacheDep = Annotated[Cache, Depends(_cache)]
