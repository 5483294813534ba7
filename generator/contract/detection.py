"""What can be found out about a server by asking it."""

from __future__ import annotations

import urllib.error
import urllib.request
from http.client import HTTPException
from urllib.parse import urlsplit

from generator.contract.addresses import is_loopback
from generator.contract.exchange import ABSENT
from generator.errors import ScaffoldError


def plain_address(url: str, *, remote: bool) -> str:
    """An address as ``scheme://host[:port]``, without a trailing slash.

    Args:
        remote: whether it may be on another machine.

    Raises:
        ScaffoldError: it is not such an address, or on another machine.
    """
    try:
        parts = urlsplit(url.strip())
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise ScaffoldError(f"{url!r} is not the address of a server", "It looks like http://127.0.0.1:3000.")
    if parts.path.rstrip("/") or parts.query or parts.fragment or parts.username is not None:
        bare = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        raise ScaffoldError("The address holds more than scheme, host and port", f"Use {bare}")
    if not remote and not is_loopback(url):
        raise ScaffoldError(
            f"{parts.hostname} is not this machine, and the cases create accounts and abuse what they reach",
            "Check a server on loopback, or add --allow-remote for one of your own.",
        )
    return f"{parts.scheme}://{parts.netloc}"


def detect_auth(address: str, given: str | None = None) -> str:
    """The auth choice of a server, and the proof that it answers at all.

    A CSRF token is handed out by ``session`` only; without log-in it is ``none``; otherwise it is ``jwt``.

    Args:
        given: the choice, when it is known; then only that the server answers is seen to.

    Raises:
        ScaffoldError: nothing answers there.
    """
    try:
        if given:
            _status(f"{address}/health")
            return given
        if _status(f"{address}/api/v1/auth/csrf") == 200:
            return "session"
        return "none" if _status(f"{address}/api/v1/auth/login", b"{}") in ABSENT else "jwt"
    except (OSError, HTTPException) as error:
        # urllib wraps what went wrong and shows it as markup.
        reason = getattr(error, "reason", error) or type(error).__name__
        raise ScaffoldError(
            f"Nothing that speaks HTTP answers at {address} ({reason})",
            "Start the server first, or correct --url.",
        ) from error


def _status(url: str, body: bytes | None = None) -> int:
    """The status of a GET, or of a POST of JSON; no proxy is asked. (httpx takes 0.4 s to load.)"""
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
