"""Free TCP ports on loopback."""

from __future__ import annotations

import random
import socket

HOST = "127.0.0.1"
LOWEST, HIGHEST = 20_000, 32_000
TRIES = 200


def listen_error(port: int, host: str = HOST) -> OSError | None:
    """Why a server could not listen there; None if it could.

    Args:
        port: 1 to 65535.
        host: the address to bind.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            # As servers do: connections in TIME_WAIT do not keep a port, listeners do.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            probe.listen(1)
    except OSError as error:
        return error
    return None


def is_free(port: int, host: str = HOST) -> bool:
    """Tell whether nothing listens on a port.

    Args:
        port: 1 to 65535.
        host: the address to bind.
    """
    return listen_error(port, host) is None


def free_port() -> int:
    """A port nobody listens on, below the range from which outgoing connections take theirs.

    A port out of that range can be taken by any connection while its server is stopped; a client that retries on
    loopback can even connect to itself (RFC 9293, simultaneous open), and the server never gets it back.

    Raises:
        RuntimeError: no free port was found.
    """
    for _ in range(TRIES):
        port = random.randint(LOWEST, HIGHEST)
        if is_free(port):
            return port
    raise RuntimeError(f"no free port between {LOWEST} and {HIGHEST}")


def answers(host: str, port: int, timeout: float = 1.0) -> bool:
    """Tell whether something accepts connections there.

    Args:
        host: name or address.
        port: its port.
        timeout: seconds to wait.
    """
    try:
        with socket.create_connection((host, port), timeout=timeout):
            return True
    except OSError:
        return False
