"""The ``.env`` file of a project, as its own server reads it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from generator.errors import ScaffoldError
from generator.services.ports import answers

LINE = re.compile(r"\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*)")
PLACEHOLDER = re.compile(r"^(SECRET_KEY=)change-me.*$", re.MULTILINE)
DEFAULT_PORTS = {"postgresql": 5432, "mongodb": 27017, "redis": 6379}
MAIL_SETTING = "SMTP_URL"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def read_settings(file: Path) -> dict[str, str]:
    """The settings of a ``.env`` file; empty if there is none.

    Args:
        file: its path.

    Raises:
        ScaffoldError: it cannot be read.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise ScaffoldError(f"{file} cannot be read: {error}", "Make it a readable UTF-8 file") from error
    found = {}
    for line in text.splitlines():
        match = LINE.fullmatch(line)
        if match:
            found[match.group(1)] = _unquoted(match.group(2).strip())
    return found


def _unquoted(value: str) -> str:
    """A value without its quotes, or without the comment behind it."""
    quoted = re.fullmatch(r"""(["'])(.*?)\1\s*(?:#.*)?""", value)
    return quoted.group(2) if quoted else re.sub(r"(^|\s+)#.*$", "", value)


def sends_mail(folder: Path) -> bool:
    """Whether a project sends mail: its settings name a mail server.

    Args:
        folder: the project's.

    Raises:
        ScaffoldError: ``.env.example`` cannot be read.
    """
    return MAIL_SETTING in read_settings(folder / ".env.example")


def make_settings(folder: Path) -> bool:
    """Make ``.env`` from ``.env.example`` with a secret of its own, as after a clone; never over an existing one.

    Args:
        folder: the project's.

    Returns:
        whether it was made.

    Raises:
        ScaffoldError: it cannot be written.
    """
    target, example = folder / ".env", folder / ".env.example"
    if target.exists() or not example.is_file():
        return False
    try:
        text = PLACEHOLDER.sub(rf"\g<1>{secrets.token_hex(32)}", example.read_text(encoding="utf-8"))
        with target.open("x", encoding="utf-8") as file:
            target.chmod(0o600)
            file.write(text)
    except OSError as error:
        raise ScaffoldError(f"{target} cannot be written: {error.strerror}", "Make its folder writable") from error
    return True


def reachable(url: str) -> bool:
    """Tell whether something listens at a database or cache URL; one we cannot read counts as reachable.

    Args:
        url: such as ``postgresql://app:app@127.0.0.1:5432/app``.
    """
    parts = _split(url)
    port = port_of(url)
    if not parts or not parts.hostname or not port:
        return True
    return answers(parts.hostname, port)


def port_of(url: str) -> int | None:
    """The port of a database or cache URL, by its scheme if it names none; None if there is no telling.

    Args:
        url: such as ``postgresql://app:app@127.0.0.1:5432/app``.
    """
    parts = _split(url)
    return (_port(parts) or DEFAULT_PORTS.get(parts.scheme)) if parts else None


def is_default(url: str) -> bool:
    """Tell whether a URL means the usual port of this machine, where any project's server may be.

    Args:
        url: such as ``postgresql://app:app@127.0.0.1:5432/app``.
    """
    parts = _split(url)
    return parts is not None and parts.hostname in LOOPBACK and port_of(url) == DEFAULT_PORTS.get(parts.scheme, 0)


def adapted_public_url(settings: Mapping[str, str], host: str, port: int) -> str | None:
    """``PUBLIC_URL`` for another port than the settings were written for.

    Args:
        settings: what ``.env`` says.
        host: a name for the server's address.
        port: the port it really gets.

    Returns:
        the URL to use, or None if the given one is fine: right already, or that of a public host.
    """
    parts = _split(settings.get("PUBLIC_URL", ""))
    loopback = parts is None or not parts.hostname or parts.hostname in LOOPBACK
    if not loopback or (parts and _port(parts) == port):
        return None
    return f"http://{host}:{port}"


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:
        return None


def _port(parts: SplitResult) -> int | None:
    try:
        return parts.port
    except ValueError:
        return None
