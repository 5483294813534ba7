"""Requests to a service that hangs, fails and lies. It is a real server on a port of this machine."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import httpx
import pytest
from pydantic import BaseModel

from app.logging_config import configure_logging
from app.upstream.breaker import CircuitBreaker
from app.upstream.client import UpstreamClient
from app.upstream.errors import RefusedError, UpstreamError

KEY = "a-secret-key"
PARAMS = {"q": "a&b=c/..", "key": KEY}


class City(BaseModel):
    name: str


def http(status: str, body: bytes = b"", *headers: str, length: int | None = None) -> bytes:
    size = f"Content-Length: {len(body) if length is None else length}"
    return "\r\n".join([f"HTTP/1.1 {status}", size, "Connection: close", *headers, "", ""]).encode() + body


ROME = http("200 OK", b'{"name": "Rome", "more": 1}')
CUT = b""  # the connection is closed


class Service:
    """Gives one response after the other, byte for byte, the last one again and again."""

    def __init__(self, *responses: bytes, wait: float = 0) -> None:
        self.requests: list[str] = []
        self._responses = list(responses)
        self._wait = wait

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.requests.append(head.decode().partition("\r\n")[0])
        await asyncio.sleep(self._wait)
        writer.write(self._responses.pop(0) if len(self._responses) > 1 else self._responses[0])
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    @asynccontextmanager
    async def client(self, **limits: float) -> AsyncIterator[UpstreamClient]:
        handlers: list[asyncio.Task[None]] = []

        def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            handlers.append(asyncio.create_task(self.answer(reader, writer)))

        server = await asyncio.start_server(connected, "127.0.0.1", 0)
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        timeout, breaker = limits.get("timeout", 5), CircuitBreaker(1000, 1)
        async with server:
            async with httpx.AsyncClient() as client:
                yield UpstreamClient(client, url, timeout=timeout, max_bytes=1000, breaker=breaker)
            await asyncio.gather(*handlers)


async def test_a_document_is_fetched_and_its_parameters_are_encoded() -> None:
    service = Service(ROME)
    async with service.client() as client:
        assert await client.get("/city", PARAMS, City) == City(name="Rome")
    assert service.requests == [f"GET /city?q=a%26b%3Dc%2F..&key={KEY} HTTP/1.1"]


@pytest.mark.parametrize("first", [CUT, http("502 Bad Gateway"), http("503 No"), http("504 No")])
async def test_what_may_be_over_at_once_is_tried_again_once(first: bytes) -> None:
    service = Service(first, ROME)
    async with service.client() as client:
        assert await client.get("/city", PARAMS, City) == City(name="Rome")
    service = Service(first)
    async with service.client() as client:
        with pytest.raises(UpstreamError):
            await client.get("/city", PARAMS, City)
    assert len(service.requests) == 2


@pytest.mark.parametrize(
    ("response", "message"),
    [
        (http("500 Oops", b"oops"), "answered 500"),
        (http("429 Too Many Requests", b"{}"), "answered 429"),
        (http("302 Found", b"", "Location: /elsewhere"), "answered 302"),
        (http("200 OK", b"<h1>Maintenance</h1>"), "another form"),
        (http("200 OK", b'{"name": 5}'), "another form"),
        (http("200 OK", b"null"), "another form"),
        (http("200 OK", b""), "another form"),
        (http("200 OK", b'{"name": "' + b"x" * 1000 + b'"}'), "more than 1000 bytes"),
    ],
)
async def test_what_cannot_be_used_is_an_error_and_not_tried_again(response: bytes, message: str) -> None:
    service = Service(response)
    async with service.client() as client:
        with pytest.raises(UpstreamError, match=message):
            await client.get("/city", PARAMS, City)
    assert len(service.requests) == 1


@pytest.mark.parametrize(
    ("status", "refused"), [("400 No", True), ("404 No", True), ("429 Slowly", False), ("500 Oops", False)]
)
async def test_a_client_error_is_the_requests_and_not_the_services(status: str, *, refused: bool) -> None:
    async with Service(http(status)).client() as client:
        with pytest.raises(UpstreamError) as raised:
            await client.get("/city", PARAMS, City)
    assert isinstance(raised.value, RefusedError) == refused


@pytest.mark.parametrize("start", [b"", http("200 OK", b'{"name": ', length=500)])
async def test_a_service_that_hangs_is_not_waited_for(start: bytes) -> None:
    class Hanging(Service):
        async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(start)
            await reader.read()  # until the client gives up
            writer.close()
            await writer.wait_closed()

    async with Hanging(CUT).client(timeout=0.2) as client:
        began = time.monotonic()
        with pytest.raises(UpstreamError, match="in time"):
            await client.get("/city", PARAMS, City)
        assert time.monotonic() - began < 2


async def test_the_time_limit_is_one_for_both_tries() -> None:
    service = Service(http("503 No"), ROME, wait=0.4)
    async with service.client(timeout=0.6) as client:
        with pytest.raises(UpstreamError, match="in time"):
            await client.get("/city", PARAMS, City)


@pytest.mark.parametrize("response", [CUT, ROME, http("500 Oops"), http("200 OK", b"[]")])
async def test_the_key_is_in_no_log_and_no_traceback(
    response: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    handlers = logging.root.handlers[:]
    configure_logging("info")
    logging.root.handlers = handlers
    async with Service(response).client() as client:
        with caplog.at_level(logging.INFO):
            try:
                await client.get("/city", PARAMS, City)
            except UpstreamError:
                logging.getLogger("app").exception("failed")
    assert KEY not in caplog.text
