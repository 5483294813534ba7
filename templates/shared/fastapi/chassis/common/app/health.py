"""`/health` and `/ready`, for the machines that run this."""

import logging

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
    states = {}
    for name, check in request.app.state.health_checks.items():
        try:
            await check()
            states[name] = "up"
        except Exception as error:  # whatever the driver raises, the answer is the same
            logger.warning("%s is down: %r", name, error)
            states[name] = "down"
    down = [name for name, state in states.items() if state == "down"]
    if down:
        raise ProblemException(503, f"Not available: {', '.join(down)}.", dependencies=states)
    return Status(status="ready")
