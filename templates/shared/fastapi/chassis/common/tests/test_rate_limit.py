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
def test_these_are_one_client(one: str, other: str) -> None:
    assert client_of({"client": (one, 1)}) == client_of({"client": (other, 2)})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("192.0.2.1", "192.0.2.2"),
        ("2001:db8::1", "2001:db8:0:1::1"),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2"),
    ],
)
def test_these_are_two(one: str, other: str) -> None:
    assert client_of({"client": (one, 1)}) != client_of({"client": (other, 1)})


def test_a_socket_without_an_address_is_one_client() -> None:
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
async def test_a_trusted_proxy_names_the_client_and_nobody_else_does(
    peer: str, forwarded: str, client: str
) -> None:
    seen = []

    async def app(scope: object, *_: object) -> None:
        seen.append(client_of(scope))  # type: ignore[arg-type]

    scope = {"type": "http", "client": (peer, 1), "headers": [(b"x-forwarded-for", forwarded.encode())]}
    await ProxyHeadersMiddleware(app, ["10.0.0.0/8"])(scope, None, None)  # type: ignore[arg-type]
    assert seen == [client]
