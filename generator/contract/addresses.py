"""An address of its own for every client, so that clients share no rate limit and no log-in throttle.

A server that the runner starts trusts 127.0.0.0/8 as a proxy, so ``X-Forwarded-For`` says who the client is.
A server reached by ``--url`` may trust nobody: there the connection itself comes from another loopback address,
which Linux allows for the whole of 127.0.0.0/8.
"""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
import sys
from collections.abc import Callable
from urllib.parse import urlsplit

Fresh = Callable[[], str]


def is_loopback(url: str) -> bool:
    """Whether a URL's host is this machine by its own name or number."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def can_bind_sources(url: str) -> bool:
    """Whether connections to that URL may come from any address of 127.0.0.0/8."""
    return sys.platform == "linux" and is_loopback(url) and ":" not in (urlsplit(url).hostname or "")


def fresh_forwarded() -> str:
    """An address for ``X-Forwarded-For`` that was not used before, of the private range 10.0.0.0/8."""
    return _unused("10")


def fresh_source() -> str:
    """A loopback address to connect from that was not used before."""
    return _unused("127")


def source_for(address: str) -> str:
    """The loopback address that stands for a made-up client address: always the same one for the same address."""
    parsed = address if address.startswith("127.") else ""
    return parsed or _octets("127", hashlib.sha256(address.encode()).digest())


_used: set[str] = set()


def _unused(first: str) -> str:
    while (address := _octets(first, secrets.token_bytes(3))) in _used:
        pass
    _used.add(address)
    return address


def _octets(first: str, data: bytes) -> str:
    """``first.b.c.d`` without the network's own and broadcast numbers, and outside 127.0.0.0/24."""
    return f"{first}.{data[0] % 254 + 1}.{data[1]}.{data[2] % 254 + 1}"
