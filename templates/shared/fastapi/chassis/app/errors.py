"""Errors: raised anywhere, answered as RFC 9457 problems in one place."""

import json
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from pydantic_core import ErrorDetails
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import compile_path

_TYPES = {
    400: "malformed-body",
    401: "unauthenticated",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    409: "conflict",
    410: "gone",
    412: "precondition-failed",
    413: "payload-too-large",
    415: "unsupported-media-type",
    422: "validation",
    429: "rate-limited",
    500: "internal",
    503: "unavailable",
}
_TITLES = {
    "csrf": "CSRF Token Missing or Wrong",
    "payload-too-large": "Payload Too Large",
    "validation": "Validation Failed",
    "wrong-password": "Wrong Password",
}


class ProblemError(Exception):
    """An error with an answer.

    Arguments:
        status: the HTTP status.
        detail: a sentence for the client; never what an exception said.
        kind: the last part of `type`, where it is not the usual one of the status.
        headers: further headers of the answer.
        members: further members of the body.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        kind: str | None = None,
        headers: Mapping[str, str] | None = None,
        **members: object,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.kind = kind or _TYPES[status]
        self.headers = dict(headers or {})
        self.members = members

    def response(self) -> Response:
        """Return the answer."""
        title = _TITLES.get(self.kind, HTTPStatus(self.status).phrase)
        body = {
            "type": f"/problems/{self.kind}",
            "title": title,
            "status": self.status,
            "detail": self.detail,
            **self.members,
        }
        return Response(json.dumps(body), self.status, self.headers, "application/problem+json")


class NotFoundError(ProblemError):
    """404: unknown, malformed, or somebody else's: a client cannot tell which."""

    def __init__(self) -> None:
        super().__init__(404, "There is nothing here.")


class InvalidError(ProblemError):
    """422, with the members that are wrong."""

    def __init__(self, errors: Sequence[tuple[str, str]]) -> None:
        listed = [{"field": field, "message": message} for field, message in errors]
        super().__init__(422, "The request is well-formed but not valid.", errors=listed)

    @classmethod
    def from_pydantic(cls, errors: Iterable[ErrorDetails], *, skip: int = 0) -> "InvalidError":
        """Translate the errors of Pydantic, leaving out the first `skip` parts of each location."""
        return cls(
            [
                (
                    _printable(".".join(str(part) for part in error["loc"][skip:])),
                    _printable(error["msg"].removeprefix("Value error, ")),
                )
                for error in errors
            ]
        )


class UnavailableError(ProblemError):
    """503: a dependency is down or too slow. Its own error is chained, for the log."""

    def __init__(self, dependency: str) -> None:
        super().__init__(503, f"The {dependency} is not available; try again.", headers={"Retry-After": "1"})


def _printable(text: str) -> str:
    # A lone surrogate in a member's name cannot be written as UTF-8.
    return text.encode(errors="replace").decode()


def install_error_handlers(app: FastAPI) -> None:
    """Answer every error as a problem, those of the router included."""
    routes: list[tuple[Any, set[str]]] = []

    def allowed(path: str) -> set[str]:
        # Starlette names only the methods of the first route that fits, but GET, PATCH and
        # DELETE of one path are three routes; RFC 9110 wants all of them in `Allow`.
        if not routes:
            routes.extend(
                (compile_path(context.path)[0], set(context.methods))
                for context in iter_route_contexts(app.routes)
                if context.path and context.methods
            )
        methods = {method for pattern, methods in routes if pattern.match(path) for method in methods}
        return methods | {"HEAD"} if "GET" in methods else methods

    async def answer_problem(_: Request, error: Exception) -> Response:
        assert isinstance(error, ProblemError)
        return error.response()

    async def answer_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code == 404:
            return NotFoundError().response()
        if error.status_code == 405:
            allow = ", ".join(sorted(allowed(request.url.path)))
            return ProblemError(405, "This method is not offered here.", headers={"Allow": allow}).response()
        return ProblemError(error.status_code, error.detail, headers=error.headers).response()

    async def answer_invalid(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return InvalidError.from_pydantic(error.errors(), skip=1).response()

    app.add_exception_handler(ProblemError, answer_problem)
    app.add_exception_handler(HTTPException, answer_http)
    app.add_exception_handler(RequestValidationError, answer_invalid)
