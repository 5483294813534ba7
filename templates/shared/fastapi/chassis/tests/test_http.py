"""What holds for every request, whatever its route."""

import asyncio
import json
import logging
import re
import time

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


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/health", 200),
        ("HEAD", "/health", 200),
        ("GET", "/openapi.json", 200),
        ("GET", "/docs", 200),
        ("GET", "/nowhere/at/all", 404),
        ("DELETE", "/health", 405),
        ("GET", "/ready", 500),
    ],
)
async def test_every_answer_has_the_security_headers(
    app: FastAPI, visitor: AsyncClient, monkeypatch: pytest.MonkeyPatch, method: str, path: str, status: int
) -> None:
    monkeypatch.setattr(app.state.database, "ping", None)  # what calls it fails unexpectedly
    response = await visitor.request(method, path)
    assert response.status_code == status
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
    assert response.headers["referrer-policy"] == "no-referrer"
    assert "strict-transport-security" not in response.headers
    assert response.headers["x-request-id"]


async def test_production_has_hsts_and_no_docs(settings: Settings) -> None:
    async with for_settings(settings, app_env="production") as client:
        response = await client.get("/docs")
    assert response.status_code == 404
    assert "strict-transport-security" in response.headers


@pytest.mark.parametrize("path", ["/docs", "/openapi.json"])
@pytest.mark.parametrize(
    ("environment", "enabled", "status"),
    [
        ("production", False, 404),
        ("production", True, 200),
        ("development", False, 200),
        ("test", False, 200),
    ],
)
async def test_who_may_read_the_docs_is_a_setting(
    settings: Settings, path: str, environment: str, *, enabled: bool, status: int
) -> None:
    async with for_settings(settings, app_env=environment, docs_enabled=enabled) as client:
        assert (await client.get(path)).status_code == status


async def test_the_page_lists_every_operation(visitor: AsyncClient) -> None:
    document, page = (await visitor.get("/openapi.json")).json(), (await visitor.get("/docs")).text
    for path, operations in document["paths"].items():
        assert f"<code>{path}</code>" in page
        assert all(f"<b>{method.upper()}</b>" in page for method in operations)


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
    first, second = [(await visitor.get("/health")).headers["x-request-id"] for _ in range(2)]
    assert first != second


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
    app: FastAPI, visitor: AsyncClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def ping() -> None:
        raise RuntimeError("the secret ingredient")

    monkeypatch.setattr(app.state.database, "ping", ping)
    response = await visitor.get("/ready", headers={"X-Request-Id": "r1"})
    assert (response.status_code, response.json()["type"]) == (500, "/problems/internal")
    assert response.headers["x-request-id"] == "r1"
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


async def test_an_error_is_logged_under_the_id_that_the_client_got(
    app: FastAPI, visitor: AsyncClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(app.state.database, "ping", None)
    caplog.handler.setFormatter(JsonFormatter())
    response = await visitor.get("/ready")
    [line] = [json.loads(line) for line in caplog.text.splitlines() if "unexpected error" in line]
    assert line["requestId"] == response.headers["x-request-id"]
    assert line["level"] == "error"
    assert "Traceback" in line["error"]


async def test_below_its_level_nothing_is_logged(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    async with for_settings(settings, log_level="warn") as client:
        await client.get("/health")
        await asyncio.sleep(0.01)
    assert capsys.readouterr().out == ""


def test_other_log_lines_are_json_too() -> None:
    record = logging.makeLogRecord({"msg": "two\nlines", "levelname": "INFO"})
    line = JsonFormatter().format(record)
    assert json.loads(line)["message"] == "two\nlines"
    assert "\n" not in line


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
async def test_cors_lets_the_listed_origins_in(visitor: AsyncClient, method: str) -> None:
    origin = {"Origin": "https://pages.example"}
    asked = {"Access-Control-Request-Method": method, "Access-Control-Request-Headers": "if-match"}
    preflight = await visitor.options("/health", headers=origin | asked)
    assert preflight.status_code == 200
    assert "if-match" in preflight.headers["access-control-allow-headers"]
    answer = await visitor.get("/health", headers=origin)
    assert "ETag" in answer.headers["access-control-expose-headers"]
    for response in (preflight, answer):
        assert response.headers["access-control-allow-origin"] == "https://pages.example"
        assert "Origin" in response.headers["vary"]


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://pages.example",
        "https://pages.example:444",
        "https://pages.example.evil",
        "null",
    ],
)
async def test_cors_keeps_all_others_out(visitor: AsyncClient, origin: str) -> None:
    headers = {"Origin": origin, "Access-Control-Request-Method": "GET"}
    preflight = await visitor.options("/health", headers=headers)
    assert (preflight.status_code, preflight.headers["content-type"]) == (403, "application/problem+json")
    answer = await visitor.get("/health", headers=headers)
    for response in (preflight, answer):
        assert "access-control-allow-origin" not in response.headers


async def test_too_many_requests_are_429_but_not_for_the_probes(settings: Settings) -> None:
    async with for_settings(settings, rate_limit=2) as client:
        statuses = [(await client.get("/nowhere/at/all")).status_code for _ in range(3)]
        refused = await client.get("/nowhere/at/all")
        assert statuses == [404, 404, 429]
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert (await client.get("/health")).status_code == 200


async def test_a_refused_request_is_answered_like_any_other(settings: Settings) -> None:
    async with for_settings(settings, rate_limit=1) as client:
        origin = {"Origin": "https://pages.example"}
        [_, refused] = [await client.get("/nowhere/at/all", headers=origin) for _ in range(2)]
    assert refused.json()["type"] == "/problems/rate-limited"
    assert refused.headers["x-content-type-options"] == "nosniff"
    assert refused.headers["access-control-allow-origin"] == "https://pages.example"


async def test_the_limit_is_for_a_minute(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = time.monotonic
    async with for_settings(settings, rate_limit=1) as client:
        statuses = [(await client.get("/nowhere/at/all")).status_code for _ in range(2)]
        monkeypatch.setattr(time, "monotonic", lambda: clock() + 61)
        statuses.append((await client.get("/nowhere/at/all")).status_code)
    assert statuses == [404, 429, 404]


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
    assert {"/health", "/ready"} <= document["paths"].keys()
    references = re.findall(r"#/components/schemas/(\w+)", json.dumps(document))
    assert set(references) <= document["components"]["schemas"].keys()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            assert {"429", "500"} <= operation["responses"].keys(), (method, path)
            if "requestBody" in operation:
                assert {"400", "413", "415", "422"} <= operation["responses"].keys(), (method, path)
