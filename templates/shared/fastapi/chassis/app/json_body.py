"""Reading a JSON body strictly, as a dependency.

FastAPI would read the body before it runs any dependency: a stranger's broken JSON would be
told about before the stranger. It also answers broken JSON with 422, takes NaN, and has no
limit on depth. As a dependency, the body is read where it stands in the signature, after the
identity check.
"""

import itertools
import json
import math
from collections.abc import AsyncIterator, Iterable
from email.message import Message
from typing import Any, Generic, NoReturn, TypeVar

from fastapi import Request
from pydantic import ValidationError
from starlette.requests import ClientDisconnect

from app.errors import InvalidError, ProblemError
from app.schemas import RequestModel

ModelT = TypeVar("ModelT", bound=RequestModel)

MAX_DEPTH = 100
JSON = frozenset({"application/json"})
MERGE_PATCH = frozenset({"application/json", "application/merge-patch+json"})


class JsonBody(Generic[ModelT]):
    """The dependency that reads a body: `Annotated[LinkCreate, Depends(JsonBody(LinkCreate))]`.

    Arguments:
        model: what the body must be.
        accepts: the media types it may be declared as.
    """

    def __init__(self, model: type[ModelT], accepts: frozenset[str] = JSON) -> None:
        self.model = model
        self.accepts = accepts

    async def __call__(self, request: Request) -> ModelT:
        """Read the body of a request."""
        data = await _read(request, self.accepts)
        try:
            return self.model.model_validate(parse_json(data))
        except ValidationError as error:
            raise InvalidError.from_pydantic(error.errors(include_url=False)) from None


async def _read(request: Request, accepts: frozenset[str]) -> bytes:
    limit = request.app.state.settings.max_body_bytes
    chunks = _chunks(request)
    # A declared length is judged before anything is read. A chunked body declares none, so
    # whether there is one, and how long it gets, shows only while reading.
    declared = request.headers.get("content-length", "")
    length = int(declared) if declared.isdecimal() else None
    body = bytearray(await anext(chunks, b"") if length is None else b"")
    if length == 0 or (length is None and not body):
        _malformed("A JSON body is needed.")
    if not _acceptable(request.headers.get("content-type", ""), accepts):
        raise ProblemError(415, f"The body must be {' or '.join(sorted(accepts))}.")
    while (length or 0) <= limit and len(body) <= limit:
        more = await anext(chunks, b"")
        if not more:
            return bytes(body)
        body += more
    raise ProblemError(413, f"The body may have at most {limit} bytes.", headers={"Connection": "close"})


async def _chunks(request: Request) -> AsyncIterator[bytes]:
    try:
        async for chunk in request.stream():
            if chunk:
                yield chunk
    except ClientDisconnect:
        _malformed("The body ended early.")


def _acceptable(content_type: str, accepts: frozenset[str]) -> bool:
    message = Message()
    message["content-type"] = content_type
    charset = message.get_content_charset("utf-8")
    return bool(content_type) and message.get_content_type() in accepts and charset == "utf-8"


def parse_json(data: bytes) -> Any:
    """Parse JSON as RFC 8259 has it, which `json.loads` alone does not.

    Raises:
        ProblemError: 400, if it is not UTF-8 or not JSON, nests deeper than `MAX_DEPTH`, or
            holds NaN, Infinity (1e999 too) or a NUL character.
    """
    try:
        value = json.loads(data.decode(), parse_constant=_malformed, parse_float=_finite)
    except (ValueError, RecursionError):  # UnicodeDecodeError is a ValueError, too
        _malformed("The body is not valid JSON.")
    # PostgreSQL cannot store NUL, and deep nesting would overflow some later recursion:
    # both are stopped here once and not in every place that takes a value.
    level = [value]
    for depth in itertools.count():
        if any("\0" in item for item in level if isinstance(item, str)):
            _malformed("The body holds a NUL character.")
        containers = [item for item in level if isinstance(item, dict | list)]
        if not containers:
            return value
        if depth == MAX_DEPTH:
            _malformed(f"The body nests deeper than {MAX_DEPTH}.")
        level = [inner for outer in containers for inner in _inside(outer)]
    raise AssertionError


def _inside(container: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return itertools.chain(container, container.values()) if isinstance(container, dict) else container


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        _malformed("The body holds a number out of range.")
    return number


def _malformed(detail: str) -> NoReturn:
    raise ProblemError(400, detail)
