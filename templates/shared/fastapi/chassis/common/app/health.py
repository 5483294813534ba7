"""`/health` and `/ready`, for the machines that run this."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request
from pydantic import BaseModel

from app.errors import ProblemException

logger = logging.getLogger(__name__)
router = APIRouter(tags=["operations"])


class Status(BaseModel):
    status: str


@router.get("/health")
@router.head("/health", include_in_schema=False)
async def health() -> Status:
    """Ask nobody: a database that is down is no reason to restart this process."""
    return Status(status="ok")


@router.get("/ready")
@router.head("/ready", include_in_schema=False)
async def ready(request: Request) -> Status:
    """Ask the database and whatever else this process depends on."""
    checks: dict[str, Callable[[], Awaitable[None]]] = request.app.state.health_checks
    states = dict(zip(checks, await asyncio.gather(*map(_state, checks.values())), strict=True))
    down = [name for name, state in states.items() if state == "down"]
    if down:
        raise ProblemException(503, f"Not available: {', '.join(down)}.", dependencies=states)
    return Status(status="ready")


async def _state(check: Callable[[], Awaitable[None]]) -> str:
    try:
        await check()
    except Exception as error:  # whatever the driver raises, the answer is the same
        logger.warning("a dependency is down: %r", error)
        return "down"
    return "up"
