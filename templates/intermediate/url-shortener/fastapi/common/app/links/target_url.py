"""Which URLs a short link may lead to.

A shortener lends its good name to its targets. Refused is what browsers would read otherwise
than people do (credentials, back slashes, control characters), what is not a web page
(`javascript:`), and what leads back here (a loop).
"""

import contextlib
import re
import unicodedata
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import unquote, urlsplit

MAX_LENGTH = 2048  # Unicode code points

_URL = re.compile(r"https?://([^/?#]*)", re.IGNORECASE)
_AUTHORITY = re.compile(r"(\[[^\[\]]*\]|[^:\[\]]+)(?::([0-9]*))?")
_DOTS = str.maketrans("。．｡", "...")  # noqa: RUF001 - IDNA reads all of these as full stops


def check_target_url(url: str) -> str:
    """Return the URL as it is.

    Raises:
        ValueError: if it may not be the target of a link.
    """
    if any(
        character in "\\\x7f" or character.isspace() or unicodedata.category(character) in ("Cc", "Cs")
        for character in url
    ):
        msg = "may not hold white space, control characters or back slashes"
        raise ValueError(msg)
    absolute = _URL.match(url)
    if not absolute:
        msg = "must be an absolute http or https URL"
        raise ValueError(msg)
    if "@" in absolute[1]:
        msg = "may not hold credentials"
        raise ValueError(msg)
    authority = _AUTHORITY.fullmatch(absolute[1])
    if not authority or int(authority[2] or 0) > 65535 or not normalise_host(authority[1]):
        msg = "must have a host, and a port up to 65535 if any"
        raise ValueError(msg)
    return url


def is_own(url: str, public_url: str) -> bool:
    """Tell whether a checked URL has the host of this service, on any port."""
    return _host(url) == _host(public_url)


def _host(url: str) -> str:
    absolute = _URL.match(url)
    assert absolute
    authority = _AUTHORITY.fullmatch(absolute[1])
    assert authority
    return normalise_host(authority[1])


def normalise_host(host: str) -> str:
    """Return the host as browsers resolve it (WHATWG URL, section 3.5), empty if they cannot.

    `EXAMPLE.com.`, `ex%61mple.com` are one host; so are `127.0.0.1`,
    `127.1` and `0x7f000001`.
    """
    if host.startswith("["):
        try:
            return str(IPv6Address(host[1:-1]))
        except ValueError:
            return ""
    name = unicodedata.normalize("NFKC", unquote(host).translate(_DOTS)).lower().removesuffix(".")
    with contextlib.suppress(UnicodeError):
        name = name.encode("idna").decode()
    return _ipv4(name) or name


def _ipv4(name: str) -> str | None:
    """Read up to four numbers, decimal, octal or hexadecimal; the last fills what is left."""
    try:
        parts = [_number(part) for part in name.split(".")]
        *head, last = parts
        if len(parts) > 4 or any(part > 255 for part in head) or last >= 256 ** (5 - len(parts)):
            return None
        return str(IPv4Address(sum(part << 8 * (3 - place) for place, part in enumerate(head)) + last))
    except ValueError:
        return None


def _number(text: str) -> int:
    if not re.fullmatch(r"0[xX][0-9a-fA-F]*|[0-9]+", text):
        raise ValueError
    if text[:2] in ("0x", "0X"):
        return int(text[2:] or "0", 16)
    return int(text, 8 if text.startswith("0") else 10)


def referrer_host(referrer: str) -> str | None:
    """Return the host of a `Referer` header, or None if there is none to be had."""
    try:
        host = urlsplit(referrer).hostname
    except ValueError:
        return None
    return host if host and len(host) <= 253 and host.isprintable() else None
