"""What a case sent and saw, kept so that a failure can be explained afterwards."""

from __future__ import annotations

import secrets
import time
from typing import Any

import httpx

from generator.contract.exchange import SHOWN, Exchange

KEPT_SHAPES = 30
KEPT_TROUBLES = 12
PREFIX = "check-"


class Evidence:
    """The exchanges of one case: the first of each shape, those that went wrong, and the last."""

    def __init__(self) -> None:
        self._shapes: dict[tuple[Any, ...], Exchange] = {}
        self._troubles: list[Exchange] = []
        self._last: Exchange | None = None

    def add(self, exchange: Exchange) -> None:
        """Keep one; threads may call at the same time."""
        self._last = exchange
        if len(self._shapes) < KEPT_SHAPES:
            self._shapes.setdefault(exchange.shape, exchange)
        if (exchange.status >= 500 or not exchange.status) and len(self._troubles) < KEPT_TROUBLES:
            self._troubles.append(exchange)

    def clear(self) -> None:
        """Forget all."""
        self._shapes.clear()
        self._troubles.clear()
        self._last = None

    def exchanges(self) -> list[Exchange]:
        """What was kept, the last one at the end."""
        kept = {id(one): one for one in (*self._shapes.values(), *self._troubles)}
        others = sorted((one for one in kept.values() if one is not self._last), key=lambda one: one.at)
        return [*others, self._last] if self._last else others


def new_request_id() -> str:
    """An id that finds one request in the server's log."""
    return PREFIX + secrets.token_hex(8)


def exchange_of(response: httpx.Response, at: float) -> Exchange:
    """The exchange that a whole answer ends."""
    return Exchange(
        *_request(response.request),
        status=response.status_code,
        request_id=response.headers.get("x-request-id") or response.request.headers.get("x-request-id", ""),
        sent=_body(response.request),
        seen=" ".join(response.text[:SHOWN].split()),
        members=_members(response) if response.is_success else {},
        at=at,
    )


def unanswered(error: httpx.TransportError, at: float) -> Exchange | None:
    """The exchange that an error of the connection ends; None when it is not known what was sent."""
    try:
        request = error.request
    except RuntimeError:
        return None
    seconds = time.time() - at
    return Exchange(
        *_request(request),
        status=0,
        request_id=request.headers.get("x-request-id", ""),
        sent=_body(request),
        seen=f"no answer after {seconds:.1f} s: {type(error).__name__} {error}".strip(),
        at=at,
    )


def _request(request: httpx.Request) -> tuple[str, str]:
    """Method and path."""
    return request.method, request.url.raw_path.decode("ascii", "replace").split("?")[0][:SHOWN]


def _body(request: httpx.Request) -> str:
    try:
        return " ".join(request.content[:SHOWN].decode("utf-8", "replace").split())
    except httpx.RequestNotRead:  # a stream that a case generates
        return ""


def _members(response: httpx.Response) -> dict[str, list[str]]:
    if "json" not in response.headers.get("content-type", ""):
        return {}
    try:
        value = response.json()
    except ValueError:
        return {}
    if not isinstance(value, dict):
        return {}
    found = {"": sorted(map(str, value))}
    items = value.get("items")
    if isinstance(items, list) and items and isinstance(items[0], dict):
        found["items"] = sorted(map(str, items[0]))
    return found
