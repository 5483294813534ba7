"""How a sign-up becomes an account: with the token of the mail. Called for every case that needs somebody."""

from __future__ import annotations

from typing import Any

from mailed import follow


def welcome(client: Any, sent: dict[str, Any], answer: Any, mails: Any) -> None:
    """Prove the address of somebody who has just signed up."""
    assert answer.status_code == 202, f"sign-up: {answer.status_code} {answer.text[:300]}"
    mail = mails.wait(sent["email"])[-1]
    response = follow(client, mail)
    assert response.status_code == 204, f"verify-email: {response.status_code} {response.text[:300]}"
