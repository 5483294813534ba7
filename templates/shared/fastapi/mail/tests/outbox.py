"""The mails of a test, which are kept and not sent."""

from typing import NamedTuple

from fastapi import FastAPI

from app.mail import Mailer


class Mail(NamedTuple):
    to: str
    subject: str
    text: str

    @property
    def token(self) -> str:
        """The token in the mail's link; empty if there is none."""
        return self.text.partition("#token=")[2].split("\n")[0]


outbox: list[Mail] = []


class Outbox(Mailer):
    def send(self, to: str, subject: str, text: str) -> None:
        outbox.append(Mail(to, subject, text))


async def use_outbox(app: FastAPI) -> None:
    outbox.clear()
    settings = app.state.settings
    app.state.mailer = Outbox(None, settings.mail_from, settings.public_url)
