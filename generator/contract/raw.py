"""Bytes to a server and back, for what an HTTP client would refuse to send."""

from __future__ import annotations

import re
import socket
import time
from contextlib import suppress
from urllib.parse import urlsplit

from generator.contract.addresses import can_bind_sources, fresh_source
from generator.contract.client import Target

_GRACE_SECONDS = 0.2
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:[^\r\n]*chunked", re.IGNORECASE)


def exchange(target: Target, data: bytes, *, timeout: float = 5.0) -> bytes:
    """Send bytes on a new connection, from an address of its own where that can be, and return all that comes back.

    Ends when the server closes, when ``timeout`` seconds have passed, or a moment after a whole answer came.

    Raises:
        OSError: no connection.
    """
    url = urlsplit(target.url)
    peer = (url.hostname or "", url.port or 80)
    source = (fresh_source(), 0) if can_bind_sources(target.url) else None
    deadline = time.monotonic() + timeout
    received = b""
    with socket.create_connection(peer, timeout=timeout, source_address=source) as connection:
        with suppress(OSError):  # refused while we were still sending: the answer, if any, is already on its way
            connection.sendall(data)
        while (left := deadline - time.monotonic()) > 0:
            whole = answered(received, head=data.startswith(b"HEAD "))
            connection.settimeout(min(left, _GRACE_SECONDS) if whole else left)
            try:
                more = connection.recv(65536)
            except OSError:
                break
            if not more:
                break
            received += more
    return received


def answered(received: bytes, *, head: bool) -> bool:
    """Whether the bytes hold one whole final answer (RFC 9112, 6.3); interim 1xx answers do not count."""
    top, separator, body = received.partition(b"\r\n\r\n")
    if not separator:
        return False
    status = top.split(b" ", 2)[1:2]
    if status and status[0].startswith(b"1") and status[0] != b"101":
        return answered(body, head=head)
    if head or status in ([b"204"], [b"304"]):
        return True
    if _CHUNKED.search(top):
        return body.endswith(b"0\r\n\r\n")
    length = _LENGTH.search(top)
    return length is not None and len(body) >= int(length[1])
