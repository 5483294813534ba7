"""`/openapi.json`: FastAPI's, with the bodies that `json_body` reads and every problem described."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts
from pydantic.json_schema import models_json_schema

from app.json_body import JsonBody
from app.schemas import Problem, RequestModel, ValidationProblem

_REF = "#/components/schemas/{model}"
_ANY_TIME = (429, 500, 503)
_WITH_BODY = (400, 413, 415)


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe problem answers, for the `responses` of a route."""
    return {
        status: {
            "description": "Problem",
            "content": {"application/problem+json": {"schema": {"$ref": _REF.format(model="Problem")}}},
        }
        for status in statuses
    }


def build_openapi(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document."""
    document = get_openapi(title=app.title, version=app.version, routes=app.routes)
    models: list[type[RequestModel]] = []
    for context in iter_route_contexts(app.routes):
        for method in context.methods or ():
            operation = document["paths"].get(context.path_format, {}).get(method.lower())
            if operation is None:
                continue
            for reader in _body_readers(context.dependant):
                models.append(reader.model)
                schema = {"schema": {"$ref": _REF.format(model=reader.model.__name__)}}
                operation["requestBody"] = {
                    "required": True,
                    "content": dict.fromkeys(sorted(reader.accepts), schema),
                }
            _describe_problems(operation)
    definitions = models_json_schema(
        [
            *((model, "validation") for model in models),
            (Problem, "serialization"),
            (ValidationProblem, "serialization"),
        ],
        ref_template=_REF,
    )[1]["$defs"]
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(definitions)
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    return document


def _body_readers(dependant: Dependant) -> Iterator[JsonBody[Any]]:
    if isinstance(dependant.call, JsonBody):
        yield dependant.call
    for part in dependant.dependencies:
        yield from _body_readers(part)


def _describe_problems(operation: dict[str, Any]) -> None:
    statuses = [*_ANY_TIME]
    if operation.get("security"):
        statuses.append(401)
    if "requestBody" in operation:
        statuses += _WITH_BODY
    described = {str(status): answer for status, answer in problems(*statuses).items()}
    responses = {**described, **operation["responses"]}
    responses.pop("422", None)
    query = any(parameter["in"] == "query" for parameter in operation.get("parameters", ()))
    if query or "requestBody" in operation:
        schema = {"$ref": _REF.format(model="ValidationProblem")}
        responses["422"] = {
            "description": "Problem",
            "content": {"application/problem+json": {"schema": schema}},
        }
    operation["responses"] = dict(sorted(responses.items()))
