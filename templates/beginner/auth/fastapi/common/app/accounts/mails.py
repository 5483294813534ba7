"""What the mails say.

A token stands behind `#`, in the fragment of the link: browsers keep that part to themselves, so it gets into
no log and no `Referer`. The name of a user is in no mail: whoever signs up with somebody else's address would
choose what that person reads.
"""

from typing import Annotated

from fastapi import Depends

from app.config import SettingsDep
from app.mail import MailerDep


class AccountMails:
    def __init__(self, mailer: MailerDep, settings: SettingsDep) -> None:
        self.mailer = mailer
        self.public_url = settings.public_url

    def send_verification(self, to: str, token: str) -> None:
        text = "Open this page to prove that this address is yours:"
        self._send(to, "Confirm your address", text, "verify-email", token)

    def send_account_exists(self, to: str) -> None:
        text = "Somebody asked for an account with this address. It has one already, and nothing has changed."
        self._send(to, "You have an account", text)

    def send_password_reset(self, to: str, token: str) -> None:
        text = "Open this page to choose a new password:"
        self._send(to, "Choose a new password", text, "reset-password", token)

    def send_email_change(self, to: str, token: str) -> None:
        text = "Open this page to use this address for your account:"
        self._send(to, "Confirm your new address", text, "confirm-email", token)

    def send_email_changed(self, to: str) -> None:
        text = "Your account has another address now, and this one does not belong to it any more."
        self._send(to, "Your address was changed", text)

    def _send(self, to: str, subject: str, text: str, page: str = "", token: str = "") -> None:
        link = f"\n\n{self.public_url}/{page}#token={token}" if page else ""
        self.mailer.send(to, subject, f"{text}{link}\n\nIf this was not you, you need do nothing.\n")


MailsDep = Annotated[AccountMails, Depends()]
