"""`GET /{code}`: the redirect, by far the most frequent request."""

import time
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Request, Response

from app.database import open_db
from app.links import service
from app.links.click_counter import ClickCounter
from app.links.codes import PATTERN, RESERVED
from app.links.link_cache import find_target
from app.links.models import Link
from app.links.target_url import referrer_host, to_ascii

router = APIRouter(tags=["redirect"])


@router.get("/{code}", status_code=302, response_class=Response)
@router.head("/{code}", include_in_schema=False)
async def follow_link(code: Annotated[str, Path(pattern=PATTERN)], request: Request) -> Response:
    """Redirect to the target of a link; 410 if the link is expired, disabled or deleted."""
    state = request.app.state

    async def load(code: str) -> Link | None:
        async with open_db(request.app) as db:
            return await service.find_by_code(db, code)

    target = await find_target(state.cache, code, load) if code.lower() not in RESERVED else None
    if target is None:
        raise HTTPException(404, "There is no such link.")
    if not target.url or 0 < target.expires <= time.time():
        raise HTTPException(410, "This link is gone.")
    # HEAD requests and prefetches are not counted as visits.
    if request.method == "GET" and not request.headers.get("sec-purpose", "").startswith("prefetch"):
        referrer = request.headers.get("referer")
        click_counter: ClickCounter = state.click_counter
        click_counter.count(target.link_id, referrer_host(referrer) if referrer else "")
    return Response(status_code=302, headers={"Location": to_ascii(target.url), "Cache-Control": "no-store"})
