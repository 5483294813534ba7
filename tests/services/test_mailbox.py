"""The mail server that keeps what it is given, as Python's own SMTP client sees it."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from generator.contract.mails import Mails, later_ones
from generator.services.mailbox import MAILS, Mail, Mailbox
from generator.services.ports import HOST, free_port, is_free


def a_mail(to: str = "ann@example.com") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "app@example.com", to, "Prüfe die Adresse"
    message.set_content("Open\nhttps://app.example/verify#token=a_b-c\nwithin a day: größer als nichts.\n")
    return message


def seen_in(mailbox: Mailbox) -> Mails:
    """Its mails as cases see them."""
    return Mails(lambda known: later_ones(mailbox.mails, known))


def test_what_is_sent_with_its_password_is_kept_and_told(tmp_path: Path) -> None:
    told: list[Mail] = []
    with Mailbox(tmp_path / MAILS, arrived=told.append) as mailbox:
        where = urlsplit(mailbox.url)
        with smtplib.SMTP(where.hostname or "", where.port or 0, timeout=10) as client:
            client.login(where.username or "", where.password or "")
            client.send_message(a_mail())
            client.send_message(a_mail("bob@example.com"))

    (mail,) = seen_in(mailbox).wait("Ann@EXAMPLE.com")

    assert (mail.sender, mail.to, mail.subject) == ("app@example.com", ("ann@example.com",), "Prüfe die Adresse")
    assert "größer" in mail.text
    assert mail.links == ["https://app.example/verify#token=a_b-c"]
    assert len((tmp_path / MAILS).read_text().splitlines()) == 2
    assert [one.to for one in told] == [("ann@example.com",), ("bob@example.com",)]


def test_nobody_sends_without_the_password() -> None:
    with Mailbox() as mailbox:
        where = urlsplit(mailbox.url)
        with smtplib.SMTP(where.hostname or "", where.port or 0, timeout=10) as client:
            with pytest.raises(smtplib.SMTPException):
                client.send_message(a_mail())
            with pytest.raises(smtplib.SMTPAuthenticationError):
                client.login(where.username or "", "guess")

    assert seen_in(mailbox).to("ann@example.com") == []


def test_at_a_port_of_ones_own_anybody_may_send_and_it_is_free_again_afterwards() -> None:
    port = free_port()
    with Mailbox(port=port) as mailbox:
        with smtplib.SMTP(HOST, port, timeout=10) as client:
            client.send_message(a_mail())
        assert not is_free(port)

    assert is_free(port)
    assert len(seen_in(mailbox).to("ann@example.com")) == 1
