"""Who is asking: the address that limits are counted by."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address

from starlette.types import Scope

Network = IPv4Network | IPv6Network


def client_address(scope: Scope, trusted: Sequence[Network]) -> str:
    """Return the peer's address, or behind a trusted proxy the one that the proxy vouches for.

    `X-Forwarded-For` is whatever the client wrote, followed by what each proxy added: the
    left end is free for anyone to forge. So it counts only if the peer is one of ours, and
    then from the right, up to the first address that is not.
    """
    peer = str(scope["client"][0]) if scope["client"] else "unknown"
    if not trusted or not _is_trusted(peer, trusted):
        return peer
    forwarded = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for")
    address = peer
    for entry in reversed(forwarded.decode("latin-1").split(",")):
        try:
            address = str(ip_address(entry.strip()))
        except ValueError:
            break
        if not _is_trusted(address, trusted):
            break
    return address


def _is_trusted(address: str, trusted: Sequence[Network]) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in trusted)
