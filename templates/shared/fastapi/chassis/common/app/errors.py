"""Every error is answered as a problem document (RFC 9457)."""

from http import HTTPStatus
from typing import Any

from asgi_correlation_id import correlation_id
from fastapi import HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.routing import compile_path

from app.database import UNAVAILABLE, is_unavailable

# Python 3.13 has renamed these two. A title is the same in every version.
TITLES = {413: "Payload Too Large", 422: "Unprocessable Entity"}
# Types that differ from the title of their status.
TYPES = {400: "malformed-body", 401: "unauthenticated", 422: "validation"}
TYPES |= {429: "rate-limited", 500: "internal", 503: "unavailable"}


class Problem(BaseModel):
    type: str
    title: str
    status: int
    detail: str
    errors: list[dict[str, str]] | None = Field(None, description="With 422: each `field` and `message`")


class ProblemException(HTTPException):
    """An HTTPException whose problem document has members of its own, such as another `type`."""

    def __init__(self, status_code: int, detail: str, **members: Any) -> None:
        super().__init__(status_code, detail)
        self.members = members


# For `FastAPI(responses=…)`: what each operation can answer beside its success.
PROBLEM_RESPONSES: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "An error, as a problem document (RFC 9457)",
        "content": {"application/problem+json": {"schema": Problem.model_json_schema()}},
    }
}


def problem_response(status: int, detail: str, headers: Any = None, **members: Any) -> JSONResponse:
    title = TITLES.get(status) or HTTPStatus(status).phrase
    kind = TYPES.get(status) or title.lower().replace(" ", "-")
    problem = {"type": f"/problems/{kind}", "title": title, "status": status, "detail": detail, **members}
    return JSONResponse(problem, status, headers, "application/problem+json")


async def http_error(request: Request, error: StarletteHTTPException) -> JSONResponse:
    headers = dict(error.headers or {})
    if error.status_code == 405:
        # The files of /docs are no route, and have these two methods.
        headers["Allow"] = ", ".join(sorted(_allowed_methods(request))) or "GET, HEAD"
    return problem_response(error.status_code, error.detail, headers, **getattr(error, "members", {}))


async def validation_error(_: Request, error: RequestValidationError) -> JSONResponse:
    errors = error.errors()
    place, kind = errors[0]["loc"], errors[0]["type"]
    if place[0] == "path":  # a malformed id is answered as an unknown one
        return problem_response(404, "Not Found")
    if place == ("body",) and isinstance(errors[0]["input"], bytes):  # not declared as JSON, so not parsed
        return problem_response(415, "The body must be application/json.")
    if kind == "json_invalid" or (place == ("body",) and kind == "missing"):
        return problem_response(400, "A JSON body is needed.")
    listed = [
        {"field": ".".join(map(str, loc[1:])), "message": message.removeprefix("Value error, ")}
        for loc, message in ((item["loc"], item["msg"]) for item in errors)
    ]
    return problem_response(422, "The request is well-formed but not valid.", errors=listed)


async def database_error(_: Request, error: Exception) -> JSONResponse:
    if not is_unavailable(error):
        raise error
    return problem_response(503, "The database is not available; try again.", {"Retry-After": "1"})


async def unexpected_error(request: Request, _: Exception) -> JSONResponse:
    # Starlette answers this outside of all middleware, so their headers are missing. Uvicorn logs the error.
    headers = {"X-Request-Id": correlation_id.get() or "", **request.app.state.security_headers}
    return problem_response(500, "Something went wrong; it has been noted.", headers)


EXCEPTION_HANDLERS: dict[int | type[Exception], Any] = {
    StarletteHTTPException: http_error,
    RequestValidationError: validation_error,
    **dict.fromkeys(UNAVAILABLE, database_error),
    Exception: unexpected_error,
}


def _allowed_methods(request: Request) -> set[str]:
    # Starlette's own `Allow` names the methods of one route, but GET and PATCH of one path are two routes.
    return {
        method
        for route in iter_route_contexts(request.app.routes)
        if route.path and route.methods and compile_path(route.path)[0].match(request.url.path)
        for method in route.methods
    }
