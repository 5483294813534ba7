"""Mails, by a real mail server on this machine."""

import asyncio
import socket
from collections.abc import AsyncIterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from time import perf_counter

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword
from pydantic import TypeAdapter, ValidationError

from app import mail
from app.mail import Mailer, MailFrom, SmtpUrl

# The server of these tests is on this machine and needs no TLS.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

SENDER = "Müller & Co <no-reply@example.com>"


class Server:
    """Takes mails from whoever knows the password."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.pause = 0.0

    async def handle_DATA(self, _: object, __: object, envelope: Envelope) -> str:  # noqa: N802 - as aiosmtpd calls it
        await asyncio.sleep(self.pause)
        assert isinstance(envelope.content, bytes)
        self.mails.append(message_from_bytes(envelope.content, EmailMessage, policy=policy.default))
        self.recipients += envelope.rcpt_tos
        return "250 OK"

    def authenticate(self, _: object, __: object, ___: object, ____: object, data: object) -> AuthResult:
        return AuthResult(success=data == LoginPassword(b"app", b"p@ss"))


@pytest.fixture
async def server() -> Server:
    return Server()


@pytest.fixture
async def url(server: Server) -> AsyncIterator[str]:
    loop = asyncio.get_running_loop()

    def protocol() -> SMTP:
        return SMTP(
            server,
            enable_SMTPUTF8=True,
            auth_required=True,
            auth_require_tls=False,
            authenticator=server.authenticate,
        )

    listener = await loop.create_server(protocol, "127.0.0.1", 0)
    async with listener:
        yield f"smtp://app:p%40ss@127.0.0.1:{listener.sockets[0].getsockname()[1]}"


async def test_a_mail_arrives_as_plain_text(server: Server, url: str) -> None:
    mailer = Mailer(url, SENDER, "https://sho.rt")
    mailer.send("ann@münchen.example", "Grüße", "Hallo Ann,\n\nhttps://sho.rt/x#token=abc\n")
    await mailer.finish()
    [received] = server.mails
    assert server.recipients == ["ann@xn--mnchen-3ya.example"]
    assert (received["Subject"], received["From"]) == ("Grüße", SENDER)
    assert received.get_content_type() == "text/plain"
    assert "https://sho.rt/x#token=abc" in received.get_content().splitlines()


async def test_an_address_may_have_letters_of_any_script(server: Server, url: str) -> None:
    mailer = Mailer(url, SENDER, "https://sho.rt")
    mailer.send("jürgen@example.com", "Hello", "Hello")
    await mailer.finish()
    assert server.recipients == ["jürgen@example.com"]


async def test_nobody_waits_for_a_slow_server(server: Server, url: str) -> None:
    server.pause = 1
    mailer = Mailer(url, SENDER, "https://sho.rt")
    started = perf_counter()
    mailer.send("ann@example.com", "Hello", "Hello")
    assert perf_counter() - started < 1
    await mailer.finish()  # as when the process ends
    assert len(server.mails) == 1


@pytest.mark.parametrize("hangs", [True, False])
async def test_a_server_that_fails_shows_in_the_log_alone(
    url: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, *, hangs: bool
) -> None:
    monkeypatch.setattr(mail, "TIMEOUT", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"smtp://127.0.0.1:{silent.getsockname()[1]}"
        mailer = Mailer(address if hangs else url.replace("app:", "eve:"), SENDER, "http://a")
        mailer.send("ann@example.com", "Hello", "#token=secret")
        await mailer.finish()
    assert "A mail was not sent" in caplog.text
    assert "ann@example.com" not in caplog.text
    assert "secret" not in caplog.text


async def test_without_a_server_a_mail_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    Mailer(None, SENDER, "http://a").send("ann@example.com", "Hello", "#token=abc")
    assert "ann@example.com" in capsys.readouterr().out


@pytest.mark.parametrize("value", ["mail:25", "http://mail", "smtp://", "smtp://mail:x", "smtp://mail/x"])
def test_a_bad_server_is_refused(value: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(SmtpUrl).validate_python(value)


@pytest.mark.parametrize("value", ["nobody", "a@b", "Ann <ann@example.com>\nBcc: eve@example.com"])
def test_a_bad_sender_is_refused(value: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(MailFrom).validate_python(value)
