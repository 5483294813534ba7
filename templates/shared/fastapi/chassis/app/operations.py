"""`/health` and `/ready`: for the machines that run this."""

import asyncio
from typing import Literal

from fastapi import APIRouter, Request

from app.cache import Cache
from app.db import Database
from app.errors import ProblemError, UnavailableError
from app.openapi import problems
from app.schemas import AnswerModel

router = APIRouter(tags=["operations"])


class Health(AnswerModel):
    """The process lives."""

    status: Literal["ok"] = "ok"


class Ready(AnswerModel):
    """All that it depends on answers."""

    status: Literal["ready"] = "ready"


@router.get("/health", summary="Does the process live?")
async def health() -> Health:
    """Ask nobody: a database that is down is no reason to restart this process."""
    return Health()


@router.get("/ready", summary="Can it serve?", responses=problems(503))
async def ready(request: Request) -> Ready:
    """Ask the database and the cache, both at once."""
    database: Database = request.app.state.database
    cache: Cache = request.app.state.cache
    states = dict(
        zip(("database", "cache"), await asyncio.gather(_state(database), _state(cache)), strict=True)
    )
    down = [name for name, state in states.items() if state == "down"]
    if down:
        raise ProblemError(
            503, f"Not available: {', '.join(down)}.", headers={"Retry-After": "1"}, dependencies=states
        )
    return Ready()


async def _state(dependency: Database | Cache) -> str:
    try:
        await dependency.ping()
    except UnavailableError:
        return "down"
    return "up"
