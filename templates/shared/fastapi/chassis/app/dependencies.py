"""What routes ask for, whatever their feature."""

from typing import Annotated

from fastapi import Depends, Request

from app.cache import Cache
from app.db import Database
from app.settings import Settings


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


def _cache(request: Request) -> Cache:
    cache: Cache = request.app.state.cache
    return cache


SettingsDep = Annotated[Settings, Depends(_settings)]
DatabaseDep = Annotated[Database, Depends(_database)]
CacheDep = Annotated[Cache, Depends(_cache)]
