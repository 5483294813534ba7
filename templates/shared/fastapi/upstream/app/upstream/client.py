"""Requests to third-party services, which may hang, fail or lie."""

import asyncio
from typing import TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from app.upstream.breaker import CircuitBreaker
from app.upstream.errors import RefusedError, UpstreamError

RETRIED = (502, 503, 504)  # a gateway's "not now", which has often passed a moment later
# Not compressed: a megabyte of zeros is a kilobyte on the wire, and the limit counts what arrives.
HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity"}

M = TypeVar("M", bound=BaseModel)


class UpstreamClient:
    """Fetches JSON documents from one service."""

    def __init__(
        self, http: httpx.AsyncClient, url: str, *, timeout: float, max_bytes: int, breaker: CircuitBreaker
    ) -> None:
        self._http = http
        self._url = url.rstrip("/")
        self._timeout = timeout
        self._max_bytes = max_bytes
        self._breaker = breaker

    async def get(self, path: str, params: dict[str, str], model: type[M]) -> M:
        """Return a document whose every used member was checked, or raise `UpstreamError`."""
        return await self._breaker.run(lambda: self._get(path, params, model))

    async def _get(self, path: str, params: dict[str, str], model: type[M]) -> M:
        # What went wrong is named without its cause: the text of httpx's errors may hold the URL.
        try:
            # For all of it: connecting, the body and the second try. A time-out for each would add up.
            async with asyncio.timeout(self._timeout):
                return model.model_validate_json(await self._fetch(path, params))
        except TimeoutError:
            raise UpstreamError("did not answer in time") from None
        except httpx.HTTPError as error:
            raise UpstreamError(f"could not be reached: {type(error).__name__}") from None
        except ValidationError:
            raise UpstreamError("sent a document of another form") from None

    async def _fetch(self, path: str, params: dict[str, str]) -> bytes:
        """Try a second time, once, if the connection fails or a gateway has nobody behind it.

        Anything else would fail again, and more requests do not help a service in trouble.
        """
        try:
            status, body = await self._fetch_once(path, params)
        except httpx.TransportError:
            status, body = None, b""
        if status is None or status in RETRIED:
            status, body = await self._fetch_once(path, params)
        if 400 <= status < 500 and status != 429:
            raise RefusedError(f"answered {status}")
        if status != 200:
            raise UpstreamError(f"answered {status}")
        return body

    async def _fetch_once(self, path: str, params: dict[str, str]) -> tuple[int, bytes]:
        body = bytearray()
        # httpx encodes the parameters. It does not follow redirects by itself: one could lead to an address
        # inside our own network, and take the key along.
        async with self._http.stream("GET", self._url + path, params=params, headers=HEADERS) as response:
            if response.status_code == 200:
                # Counted while it is read: the length that a response declares can be missing or wrong.
                async for chunk in response.aiter_raw():
                    body += chunk
                    if len(body) > self._max_bytes:
                        raise UpstreamError(f"sent more than {self._max_bytes} bytes")
            return response.status_code, bytes(body)
