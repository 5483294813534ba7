"""`/health` and `/ready`, for load balancers and orchestrators."""

import logging

from fastapi import APIRouter, Request
from pydantic import BaseModel

from app.errors import ProblemException

logger = logging.getLogger(__name__)
router = APIRouter(tags=["operations"])


class Status(BaseModel):
    status: str


# In FastAPI a GET route does not answer HEAD, unlike in Starlette: hence the second decorator.
@router.get("/health")
@router.head("/health", include_in_schema=False)
async def health() -> Status:
    """Check nothing else: a database that is down is no reason to restart this process."""
    return Status(status="ok")


@router.get("/ready")
@router.head("/ready", include_in_schema=False)
async def ready(request: Request) -> Status:
    """Check the database and whatever else this process depends on."""
    checks = request.app.state.health_checks
    states = dict.fromkeys(checks, "up")
    for name, check in checks.items():
        try:
            await check()
        except Exception as error:  # whatever the driver raises, the answer is the same
            logger.warning("%s is down: %r", name, error)
            states[name] = "down"
    if down := [name for name, state in states.items() if state == "down"]:
        raise ProblemException(503, f"Not available: {', '.join(down)}.", dependencies=states)
    return Status(status="ready")
