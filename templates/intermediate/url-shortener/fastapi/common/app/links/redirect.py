"""`GET /{code}`: the hot path."""

import time
from collections.abc import Callable, Coroutine
from functools import lru_cache
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute
from starlette.convertors import Convertor, register_url_convertor

from app.db import Database
from app.errors import NotFoundError, ProblemError
from app.links.click_counter import ClickCounter
from app.links.codes import PATTERN, RESERVED
from app.links.link import Link
from app.links.link_cache import LinkCache
from app.links.repository import LinkRepository
from app.links.target_url import referrer_host
from app.openapi import problems

_host = lru_cache(1024)(referrer_host)


class CodeConvertor(Convertor[str]):
    """`/{code:code}` in a route: what cannot be a code is not ours, and never asked for."""

    regex = rf"(?!(?i:{'|'.join(sorted(RESERVED))})$){PATTERN}"

    def convert(self, value: str) -> str:
        """Read the path's part as it is."""
        return value

    def to_string(self, value: str) -> str:
        """Write it as it is."""
        return value


register_url_convertor("code", CodeConvertor())


class LeanRoute(APIRoute):
    """Calls the endpoint with the request alone.

    Solving dependencies and validating the answer are worth their time elsewhere; here there
    is nothing to solve, and they would take longer than the look-up.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the endpoint itself."""
        return self.endpoint


router = APIRouter(route_class=LeanRoute, tags=["redirect"])


@router.get(
    "/{code:code}",
    summary="Follow a short link",
    status_code=302,
    response_class=Response,
    responses={302: {"description": "To the link's target"}, **problems(404, 410)},
    openapi_extra={
        "parameters": [{"name": "code", "in": "path", "required": True, "schema": {"type": "string"}}]
    },
)
async def follow(request: Request) -> Response:
    """302 to the target; 410 if the link is expired, disabled or deleted. HEAD is not counted."""
    state = request.app.state
    database: Database = state.database

    async def load(code: str) -> Link | None:
        async with database.reading() as transaction:
            return await LinkRepository(transaction).find(code)

    target = await LinkCache(state.cache).find(request.path_params["code"], load)
    if target is None:
        raise NotFoundError
    if not target.url or (target.expires and target.expires <= time.time()):
        raise ProblemError(410, "This link is gone.", headers={"Cache-Control": "no-store"})
    if "is_head" not in request.scope:
        counter: ClickCounter = state.click_counter
        referrer = request.headers.get("referer")
        counter.count(target.link_id, _host(referrer) if referrer else None)
    response = Response(status_code=302)
    # The bytes as they were given: Starlette's RedirectResponse would quote and so change them.
    response.raw_headers += [(b"location", target.url.encode()), (b"cache-control", b"no-store")]
    return response
