"""What holds for every request, whatever its route."""

import json
import logging
import re

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from app.config import Settings
from app.errors import problem_response
from app.logging_config import configure_logging
from app.main import create_app


def client_of(settings: Settings, peer: str = "192.0.2.1", **changes: object) -> AsyncClient:
    app = create_app(settings.model_copy(update=changes))
    transport = ASGITransport(app, client=(peer, 1), raise_app_exceptions=False)
    return AsyncClient(transport=transport, base_url="http://sho.rt")


async def fail() -> None:
    raise RuntimeError("the secret ingredient")


async def test_health_and_ready_return_200(visitor: AsyncClient) -> None:
    assert (await visitor.get("/health")).json() == {"status": "ok"}
    assert (await visitor.get("/ready")).json() == {"status": "ready"}


async def test_ready_returns_503_naming_what_is_down(app: FastAPI, visitor: AsyncClient) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(app.state.health_checks, "database", fail)
        response = await visitor.get("/ready")
    assert response.status_code == 503
    assert response.json()["dependencies"]["database"] == "down"
    assert (await visitor.get("/health")).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/health", 200),
        ("HEAD", "/health", 200),
        ("GET", "/openapi.json", 200),
        ("GET", "/docs", 200),
        ("GET", "/nowhere/at/all", 404),
        ("DELETE", "/health", 405),
        ("GET", "/fails/unexpectedly", 500),
    ],
)
async def test_every_response_has_the_security_headers(
    settings: Settings, method: str, path: str, status: int
) -> None:
    app = create_app(settings)
    app.add_api_route("/fails/unexpectedly", fail)
    transport = ASGITransport(app, raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url="http://sho.rt") as client:
        response = await client.request(method, path)
    assert response.status_code == status
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
    assert response.headers["referrer-policy"] == "no-referrer"
    assert "strict-transport-security" not in response.headers
    assert response.headers["x-request-id"]
    assert "ingredient" not in response.text


async def test_production_sends_hsts_and_has_no_home_page(settings: Settings) -> None:
    async with client_of(settings, app_env="production") as client:
        response = await client.get("/")
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
async def test_docs_return_404_in_production_unless_enabled(
    settings: Settings, path: str, environment: str, *, enabled: bool, status: int
) -> None:
    async with client_of(settings, app_env=environment, docs_enabled=enabled) as client:
        assert (await client.get(path)).status_code == status


async def test_docs_page_loads_its_files_from_this_server(visitor: AsyncClient) -> None:
    page = await visitor.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    linked = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(linked) == 3
    for path in linked:
        assert path.startswith("/docs/assets/")
        assert (await visitor.get(path)).status_code == 200, path


async def test_links_of_the_home_page_work(visitor: AsyncClient) -> None:
    page = await visitor.get("/")
    assert page.status_code == 200
    for path in re.findall(r'href="([^"]+)"', page.text):
        assert (await visitor.get(path)).status_code == 200, path


async def test_each_operation_lists_its_successes_and_the_problem_document(visitor: AsyncClient) -> None:
    document = (await visitor.get("/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            responses = operation["responses"]
            assert {status for status in responses if status >= "4"} == {"default"}, (method, path)
            assert set(responses) - {"default"}, (method, path)
            assert "application/problem+json" in responses["default"]["content"]


async def test_valid_request_id_is_kept_and_invalid_one_replaced(visitor: AsyncClient) -> None:
    response = await visitor.get("/health", headers={"X-Request-Id": "a.b_c-1"})
    assert response.headers["x-request-id"] == "a.b_c-1"
    for unfit in ("", "a b", "x" * 129, "<script>"):
        response = await visitor.get("/health", headers={"X-Request-Id": unfit})
        assert response.headers["x-request-id"] not in ("", unfit)
    first, second = [(await visitor.get("/health")).headers["x-request-id"] for _ in range(2)]
    assert first != second


async def test_unknown_route_returns_404_problem(visitor: AsyncClient) -> None:
    response = await visitor.get("/nowhere/at/all")
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json().keys() == {"type", "title", "status", "detail"}


@pytest.mark.parametrize(
    ("status", "title"),
    [(413, "Payload Too Large"), (422, "Unprocessable Entity"), (503, "Service Unavailable")],
)
def test_titles_are_the_same_in_every_version_of_python(status: int, title: str) -> None:
    assert json.loads(bytes(problem_response(status, "x").body))["title"] == title


async def test_wrong_method_returns_405_with_allowed_methods(visitor: AsyncClient) -> None:
    response = await visitor.request("TRACE", "/health")
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD"
    files = await visitor.post("/docs/assets/swagger-ui.css")
    assert (files.status_code, files.headers["allow"]) == (405, "GET, HEAD")


async def test_unexpected_error_returns_500_without_details(settings: Settings) -> None:
    app = create_app(settings)
    app.add_api_route("/fails/unexpectedly", fail)
    transport = ASGITransport(app, raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url="http://sho.rt") as client:
        response = await client.get("/fails/unexpectedly", headers={"X-Request-Id": "r1"})
    assert (response.status_code, response.json()["type"]) == (500, "/problems/internal")
    assert response.headers["x-request-id"] == "r1"


async def test_each_request_logs_one_json_line_without_its_query(
    visitor: AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    handlers = logging.root.handlers[:]
    try:
        configure_logging("info")
        logging.getLogger("httpx").setLevel("WARNING")
        await visitor.get("/nowhere/at/all?token=secret", headers={"X-Request-Id": "r1"})
    finally:
        logging.root.handlers = handlers
    [line] = map(json.loads, capsys.readouterr().out.splitlines())
    assert (line["requestId"], line["method"], line["path"]) == ("r1", "GET", "/nowhere/at/all")
    assert (line["status"], line["level"], line["message"]) == (404, "INFO", "request")
    assert line.keys() >= {"time", "durationMs"}


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
async def test_cors_allows_listed_origins(visitor: AsyncClient, method: str) -> None:
    origin = {"Origin": "https://pages.example"}
    asked = {"Access-Control-Request-Method": method, "Access-Control-Request-Headers": "if-match"}
    preflight = await visitor.options("/health", headers=origin | asked)
    assert preflight.status_code == 200
    assert "if-match" in preflight.headers["access-control-allow-headers"]
    response = await visitor.get("/health", headers=origin)
    assert "ETag" in response.headers["access-control-expose-headers"]
    for each in (preflight, response):
        assert each.headers["access-control-allow-origin"] == "https://pages.example"
        assert "Origin" in each.headers["vary"]


@pytest.mark.parametrize("origin", ["https://evil.example", "http://pages.example", "null"])
async def test_cors_refuses_other_origins(visitor: AsyncClient, origin: str) -> None:
    headers = {"Origin": origin, "Access-Control-Request-Method": "GET"}
    for response in (
        await visitor.options("/health", headers=headers),
        await visitor.get("/health", headers=headers),
    ):
        assert "access-control-allow-origin" not in response.headers


async def test_too_many_requests_return_429_except_health_checks(settings: Settings) -> None:
    async with client_of(settings, rate_limit=2) as client:
        origin = {"Origin": "https://pages.example"}
        responses = [await client.get("/nowhere/at/all", headers=origin) for _ in range(3)]
        assert [response.status_code for response in responses] == [404, 404, 429]
        assert (await client.get("/health")).status_code == 200
    refused = responses[2]
    assert refused.json()["type"] == "/problems/rate-limited"
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.headers["x-content-type-options"] == "nosniff"
    assert refused.headers["access-control-allow-origin"] == "https://pages.example"
