"""A mail server that keeps what it is given: for the contract, and for the terminal of whoever develops."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import secrets
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass
from email import message_from_bytes, policy
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from generator.services.ports import HOST

if TYPE_CHECKING:
    from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

LINK = re.compile(r"https?://[!#-;=?-~]+")
USER = "app"
MAILS = "mails.jsonl"  # the file that shows the mails to whoever develops


@dataclass(frozen=True)
class Mail:
    """One mail, as it was handed over.

    Attributes:
        sender: the address that the envelope names.
        to: the addresses that the envelope names.
        headers: name → value, decoded.
        text: the plain text.
    """

    sender: str
    to: tuple[str, ...]
    headers: dict[str, str]
    text: str

    @property
    def subject(self) -> str:
        """Its subject."""
        return self.headers.get("Subject", "")

    @property
    def links(self) -> list[str]:
        """The addresses of pages in its text, in order."""
        return LINK.findall(self.text)


class Mailbox:
    """An SMTP server on loopback that takes mail from whoever logs in; a context manager.

    Attributes:
        url: for a project's ``SMTP_URL``.
        mails: what it was given, in memory: a file could be written by whoever sends.
    """

    def __init__(
        self, file: Path | None = None, *, port: int = 0, arrived: Callable[[Mail], None] = lambda mail: None
    ) -> None:
        """Describe it; entering it starts it.

        Args:
            file: gets a line of JSON for each mail, too.
            port: to listen on; a free one by default. Then anybody may send, without logging in.
            arrived: called with each mail, from a thread.
        """
        self._file, self._port, self._arrived = file, port, arrived
        self._password = secrets.token_urlsafe(12)
        self.url = ""
        self.mails: list[Mail] = []

    def __enter__(self) -> Mailbox:
        """Listen.

        Raises:
            OSError: the port cannot be had.
        """
        from aiosmtpd.smtp import SMTP

        logging.getLogger("mail").setLevel(logging.ERROR)  # it is on loopback, so neither TLS nor its warnings
        warnings.filterwarnings("ignore", module="aiosmtpd")
        if self._file:
            self._file.touch(mode=0o600)
            self._file.write_text("")
        anybody = self._port != 0

        def protocol() -> SMTP:
            return SMTP(
                self,
                enable_SMTPUTF8=True,
                hostname="localhost",
                auth_require_tls=False,
                auth_required=not anybody,
                authenticator=self._may,
                loop=self._loop,
            )

        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        listening = self._loop.create_server(protocol, HOST, self._port)
        self._server = asyncio.run_coroutine_threadsafe(listening, self._loop).result(10)
        port = self._server.sockets[0].getsockname()[1]
        self.url = f"smtp://{HOST}:{port}" if anybody else f"smtp://{USER}:{self._password}@{HOST}:{port}"
        return self

    def __exit__(self, *_: object) -> None:
        """End it; what it was given stays."""
        self._loop.call_soon_threadsafe(self._server.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def _may(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
        from aiosmtpd.smtp import AuthResult, LoginPassword

        known = (USER.encode(), self._password.encode())
        given = (data.login, data.password) if isinstance(data, LoginPassword) else None
        return AuthResult(success=given == known, handled=False)  # by us; aiosmtpd answers 235 or 535

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (its name in aiosmtpd)
        """Keep a mail."""
        mail = read_mail(envelope.content or b"", envelope.mail_from or "", tuple(envelope.rcpt_tos))
        self.mails.append(mail)
        if self._file:
            with self._file.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(mail)) + "\n")
        self._arrived(mail)
        return "250 kept"


def read_mail(content: bytes | str, sender: str, to: tuple[str, ...]) -> Mail:
    """A mail from what SMTP carries."""
    raw = content.encode() if isinstance(content, str) else content
    message = message_from_bytes(raw, policy=policy.default)
    body = message.get_body(preferencelist=("plain",))
    text = body.get_content() if body else ""
    headers = {name: str(value) for name, value in message.items()}
    return Mail(sender, to, headers, str(text).replace("\r\n", "\n"))
