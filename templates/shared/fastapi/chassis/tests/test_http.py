"""What holds for every request, whatever its route."""

import asyncio
import json
import logging

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from app.errors import UnavailableError
from app.logs import JsonFormatter
from app.main import create_app
from app.settings import Settings


def for_settings(settings: Settings, **changes: object) -> AsyncClient:
    app = create_app(settings.model_copy(update=changes))
    return AsyncClient(transport=ASGITransport(app), base_url="http://sho.rt")


async def test_health_and_readiness(visitor: AsyncClient) -> None:
    assert (await visitor.get("/health")).json() == {"status": "ok"}
    assert (await visitor.get("/ready")).json() == {"status": "ready"}


async def test_readiness_names_what_is_down(
    app: FastAPI, visitor: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ping() -> None:
        raise UnavailableError("database")

    monkeypatch.setattr(app.state.database, "ping", ping)
    response = await visitor.get("/ready")
    assert response.status_code == 503
    assert response.json()["dependencies"] == {"database": "down", "cache": "up"}
    assert (await visitor.get("/health")).status_code == 200


@pytest.mark.parametrize("path", ["/health", "/nowhere/at/all", "/openapi.json"])
async def test_every_answer_has_the_security_headers(visitor: AsyncClient, path: str) -> None:
    headers = (await visitor.get(path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "referrer-policy" in headers
    assert "strict-transport-security" not in headers


async def test_production_has_hsts_and_no_docs(settings: Settings) -> None:
    async with for_settings(settings, app_env="production") as client:
        response = await client.get("/docs")
    assert response.status_code == 404
    assert "strict-transport-security" in response.headers


async def test_the_docs_need_no_other_host(visitor: AsyncClient) -> None:
    page = await visitor.get("/docs")
    assert page.status_code == 200
    assert "src=" not in page.text
    assert "script" not in page.headers["content-security-policy"]


async def test_a_fit_request_id_is_kept_and_another_replaced(visitor: AsyncClient) -> None:
    kept = await visitor.get("/health", headers={"X-Request-Id": "a.b_c-1"})
    assert kept.headers["x-request-id"] == "a.b_c-1"
    for unfit in ("", "a b", "x" * 129, "<script>"):
        replaced = await visitor.get("/health", headers={"X-Request-Id": unfit})
        assert replaced.headers["x-request-id"] not in ("", unfit)


async def test_unknown_routes_are_problems(visitor: AsyncClient) -> None:
    response = await visitor.get("/nowhere/at/all")
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json().keys() == {"type", "title", "status", "detail"}


async def test_a_wrong_method_is_405_and_told_all_that_are_right(visitor: AsyncClient) -> None:
    response = await visitor.request("TRACE", "/health")
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD"


async def test_head_is_get_without_the_body(visitor: AsyncClient) -> None:
    response = await visitor.head("/health")
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["content-length"] == "15"


async def test_an_unexpected_error_is_logged_and_not_shown(
    app: FastAPI, visitor: AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail() -> None:
        raise RuntimeError("the secret ingredient")

    app.add_api_route("/probe/fail", fail)
    response = await visitor.get("/probe/fail")
    assert (response.status_code, response.json()["type"]) == (500, "/problems/internal")
    assert "ingredient" not in response.text
    assert "ingredient" in caplog.text


async def test_one_log_line_a_request_and_no_query(
    visitor: AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    await visitor.get("/nowhere/at/all?token=secret", headers={"X-Request-Id": "r1"})
    await asyncio.sleep(0.01)
    [line] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (line["requestId"], line["method"], line["path"], line["status"]) == (
        "r1",
        "GET",
        "/nowhere/at/all",
        404,
    )
    assert line.keys() >= {"time", "level", "message", "durationMs"}


def test_other_log_lines_are_json_too() -> None:
    record = logging.makeLogRecord({"msg": "two\nlines", "levelname": "INFO"})
    line = JsonFormatter().format(record)
    assert json.loads(line)["message"] == "two\nlines"
    assert "\n" not in line


async def test_cors_is_for_the_listed_origins_alone(visitor: AsyncClient) -> None:
    wanted = {"Access-Control-Request-Method": "PATCH", "Access-Control-Request-Headers": "content-type"}
    ours = await visitor.options("/health", headers={"Origin": "https://pages.example", **wanted})
    assert ours.status_code == 204
    assert ours.headers["access-control-allow-origin"] == "https://pages.example"
    theirs = await visitor.options("/health", headers={"Origin": "https://evil.example", **wanted})
    assert theirs.status_code == 405
    assert "access-control-allow-origin" not in theirs.headers
    plain = await visitor.get("/health", headers={"Origin": "https://pages.example"})
    assert "ETag" in plain.headers["access-control-expose-headers"]


async def test_too_many_requests_are_429_but_not_for_the_probes(settings: Settings) -> None:
    async with for_settings(settings, rate_limit=2) as client:
        statuses = [(await client.get("/nowhere/at/all")).status_code for _ in range(3)]
        refused = await client.get("/nowhere/at/all")
        assert statuses == [404, 404, 429]
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert (await client.get("/health")).status_code == 200


async def test_the_rate_limit_counts_by_the_address_behind_the_proxy(settings: Settings) -> None:
    app = create_app(settings.model_copy(update={"rate_limit": 1}))
    transport = ASGITransport(app, client=("10.0.0.1", 1))
    async with AsyncClient(transport=transport, base_url="http://sho.rt") as client:
        statuses = [
            (await client.get("/nowhere/at/all", headers={"X-Forwarded-For": address})).status_code
            for address in ("192.0.2.1", "192.0.2.2", "192.0.2.1")
        ]
    assert statuses == [404, 404, 429]


async def test_the_document_describes_every_route(app: FastAPI, visitor: AsyncClient) -> None:
    document = (await visitor.get("/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            assert {"429", "500"} <= operation["responses"].keys(), (method, path)
            if "requestBody" in operation:
                assert {"400", "413", "415", "422"} <= operation["responses"].keys(), (method, path)
