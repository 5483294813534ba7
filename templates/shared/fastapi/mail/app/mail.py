"""Mails, by SMTP. Without SMTP_URL they are printed, for development.

Nobody waits for a mail: neither may a slow mail server slow down a response, nor may the time of a response
tell whether a mail was sent.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import localtime, make_msgid
from typing import Annotated
from urllib.parse import unquote, urlsplit

import aiosmtplib
import idna
from fastapi import Depends, FastAPI, Request
from pydantic import AfterValidator, ValidationInfo, validate_email

TIMEOUT = 10  # seconds for one mail
SHUTDOWN_TIMEOUT = 5  # seconds for those that are on their way when the process ends

logger = logging.getLogger(__name__)


def _check_smtp_url(value: str | None, info: ValidationInfo) -> str | None:
    if value is None:
        if info.data.get("app_env") == "production":
            raise ValueError("is required in production: without it, mails and their tokens are printed")
        return None
    url = urlsplit(value)
    if url.scheme not in ("smtp", "smtps") or not url.hostname or url.path.strip("/") or url.query:
        raise ValueError("must be of the form smtp://user:password@host:port")
    _ = url.port  # raises a ValueError if it is none
    return value


SmtpUrl = Annotated[str | None, AfterValidator(_check_smtp_url)]
MailFrom = Annotated[str, AfterValidator(lambda value: validate_email(value) and value)]


class Mailer:
    def __init__(self, smtp_url: str | None, mail_from: str, public_url: str) -> None:
        self._server = urlsplit(smtp_url) if smtp_url else None
        name, address = validate_email(mail_from)
        self._sender = Address(name, addr_spec=address)
        self._domain = urlsplit(public_url).hostname
        self._sending: set[asyncio.Task[None]] = set()

    def send(self, to: str, subject: str, text: str) -> None:
        """Begin to send a mail."""
        name, _, domain = to.rpartition("@")
        message = EmailMessage()
        message["From"] = self._sender
        # The domain in ASCII (IDNA), which every mail server understands.
        message["To"] = Address(username=name, domain=idna.encode(domain, uts46=True).decode())
        message["Subject"] = subject
        message["Date"] = localtime()
        message["Message-ID"] = make_msgid(domain=self._domain)
        message.set_content(text)
        if self._server is None:
            print(f"To: {to}\nSubject: {subject}\n\n{text}", flush=True)
            return
        task = asyncio.create_task(self._deliver(message))
        self._sending.add(task)  # asyncio itself keeps no task alive
        task.add_done_callback(self._sending.discard)

    async def _deliver(self, message: EmailMessage) -> None:
        assert self._server
        try:
            await aiosmtplib.send(
                message,
                hostname=self._server.hostname,
                port=self._server.port,
                username=unquote(self._server.username or "") or None,
                password=unquote(self._server.password or "") or None,
                use_tls=self._server.scheme == "smtps",
                local_hostname=self._domain,
                timeout=TIMEOUT,
            )
        except (aiosmtplib.SMTPException, OSError) as error:
            # Its name alone: the text of an error may repeat the address.
            logger.error("A mail was not sent: %s", type(error).__name__)  # noqa: TRY400

    async def finish(self) -> None:
        """Wait for the mails that are on their way."""
        if self._sending:
            _, late = await asyncio.wait(self._sending, timeout=SHUTDOWN_TIMEOUT)
            for task in late:
                task.cancel()


@asynccontextmanager
async def mailer(app: FastAPI) -> AsyncIterator[None]:
    settings = app.state.settings
    sender = Mailer(settings.smtp_url, settings.mail_from, settings.public_url)
    app.state.mailer = sender
    yield
    await sender.finish()


async def get_mailer(request: Request) -> Mailer:
    sender: Mailer = request.app.state.mailer
    return sender


MailerDep = Annotated[Mailer, Depends(get_mailer)]
