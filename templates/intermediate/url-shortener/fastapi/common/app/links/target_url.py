"""Which URLs a short link may lead to.

A shortener lends its good name to its targets. `ada_url` reads a URL as browsers do (WHATWG, UTS 46), so that
no other spelling of a host (`127.1`, `EXAMPLE.com.`, `ex%61mple.com`, `straße.example`) gets around a rule.
"""

import re
from functools import lru_cache

import ada_url

MAX_LENGTH = 2048


def check_target_url(url: str) -> str:
    """Return the URL as it is; ValueError if it may not be a target."""
    # Browsers drop or replace these characters, so people and browsers would read two different URLs.
    if re.search(r"[\s\\\x00-\x1f\x7f-\x9f]", url):
        raise ValueError("may not hold white space, control characters or back slashes")
    absolute = re.match("https?://([^/?#]+)", url, re.IGNORECASE)
    if not absolute:
        raise ValueError("must be an absolute http or https URL")
    if "@" in absolute[1]:
        raise ValueError("may not hold credentials")
    if not ada_url.check_url(url):
        raise ValueError("must have a host, and a port up to 65535 if any")
    return url


def is_own(url: str, public_url: str) -> bool:
    """Tell whether a target has the host of this service, on any port: it would redirect in a circle."""
    return _host(url) == _host(public_url)


def to_ascii(url: str) -> str:
    """Return what a Location header can hold: an ASCII URL byte for byte, another one as browsers send it."""
    return url if url.isascii() else str(ada_url.URL(url).href)


@lru_cache(1024)
def referrer_host(referrer: str) -> str:
    """Return the host of a `Referer` header, empty if there is none to be had."""
    host = _host(referrer) if ada_url.check_url(referrer) else ""
    return host if len(host) <= 253 else ""


def _host(url: str) -> str:
    return str(ada_url.URL(url).hostname).removesuffix(".")
