"""The mails that the servers of a run have sent, as cases see them."""

from __future__ import annotations

import time
from pathlib import Path

from generator.services.mailbox import Mail, kept

PAUSE_SECONDS = 0.02


class Mails:
    """The mails to everybody, caught by a real SMTP server.

    Args:
        file: where it keeps them; None where none are caught.
    """

    def __init__(self, file: str) -> None:
        self._file = Path(file) if file else None

    def to(self, address: str) -> list[Mail]:
        """Those to an address so far, oldest first."""
        if self._file is None:
            raise RuntimeError("no mail is caught here")
        wanted = _plain(address)
        return [mail for mail in kept(self._file) if wanted in map(_plain, mail.to)]

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


def _plain(address: str) -> str:
    """An address in small letters, its domain as it travels."""
    local, _, domain = address.lower().rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        return f"{local}@{domain}"
