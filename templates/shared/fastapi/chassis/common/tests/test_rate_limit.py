"""Whose requests are counted together."""

import pytest
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from app.rate_limit import client_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::ffff:2"),
        ("2001:DB8:0::1", "2001:db8::1"),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.1"),
    ],
)
def test_addresses_of_one_client_count_together(one: str, other: str) -> None:
    assert client_of({"client": (one, 1)}) == client_of({"client": (other, 2)})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("192.0.2.1", "192.0.2.2"),
        ("2001:db8::1", "2001:db8:0:1::1"),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2"),
    ],
)
def test_addresses_of_two_clients_count_apart(one: str, other: str) -> None:
    assert client_of({"client": (one, 1)}) != client_of({"client": (other, 1)})


def test_requests_without_an_address_count_together() -> None:
    assert client_of({"client": None}) == "unknown"


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("198.51.100.7", "203.0.113.8", "198.51.100.7"),
        ("10.0.0.1", "203.0.113.8", "203.0.113.8"),
        ("10.0.0.1", "192.0.2.66, 203.0.113.8, 10.0.0.2", "203.0.113.8"),
        ("10.0.0.1", "203.0.113.8:40001", "203.0.113.8"),
        ("10.0.0.1", "203.0.113.8, 10.0.0.2:40001", "203.0.113.8"),
        ("10.0.0.1", "[2001:db8::1]:443", "2001:db8::/64"),
        ("10.0.0.1", "2001:db8::2", "2001:db8::/64"),
        ("10.0.0.1", "", "10.0.0.1"),
    ],
)
async def test_forwarded_address_is_used_only_from_a_trusted_proxy(
    peer: str, forwarded: str, client: str
) -> None:
    seen = []

    async def app(scope: object, *_: object) -> None:
        seen.append(client_of(scope))  # type: ignore[arg-type]

    scope = {"type": "http", "client": (peer, 1), "headers": [(b"x-forwarded-for", forwarded.encode())]}
    await ProxyHeadersMiddleware(app, ["10.0.0.0/8"])(scope, None, None)  # type: ignore[arg-type]
    assert seen == [client]
