"""The mails that the servers of a run have sent, as cases see them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from generator.services.mailbox import Mail

PAUSE_SECONDS = 0.02


class Mails:
    """The mails to everybody, caught by a real SMTP server.

    Args:
        later: those that came after the first so many, as JSON; None where none are caught.
    """

    def __init__(self, later: Callable[[int], Sequence[dict[str, Any]]] | None) -> None:
        self._later = later
        self._known: list[Mail] = []

    def to(self, address: str) -> list[Mail]:
        """Those to an address so far, oldest first."""
        if self._later is None:
            raise RuntimeError("no mail is caught here")
        self._known += [Mail(**{**entry, "to": tuple(entry["to"])}) for entry in self._later(len(self._known))]
        wanted = _plain(address)
        return [mail for mail in self._known if wanted in map(_plain, mail.to)]

    def wait(self, address: str, count: int = 1, *, within: float = 15.0) -> list[Mail]:
        """Those to an address, once there are so many.

        Raises:
            AssertionError: they did not come in time.
        """
        deadline = time.monotonic() + within
        while len(found := self.to(address)) < count:
            assert time.monotonic() < deadline, f"{len(found)} of {count} mails to {address} after {within:g} s"
            time.sleep(PAUSE_SECONDS)
        return found


def later_ones(mails: Sequence[Mail], known: int) -> list[dict[str, Any]]:
    """The answer to the question of :class:`Mails`."""
    return [asdict(mail) for mail in mails[known:]]


def _plain(address: str) -> str:
    """An address in small letters, its domain as it travels."""
    local, _, domain = address.lower().rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        return f"{local}@{domain}"
