"""The cookies of one client, kept and sent by rules of our own.

A browser sends a ``Secure`` cookie over https only (RFC 6265, 5.4). The servers under test speak plain HTTP on
loopback, in production mode too, where the session cookie is ``__Host-session`` and Secure; so this jar keeps
and sends every cookie of its one server, whatever its ``Secure`` and ``Domain`` say. ``Path`` and expiry hold.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from threading import Lock


@dataclass(frozen=True)
class Cookie:
    """One cookie as a server set it; attribute names are lower-case, those without a value hold ``""``."""

    name: str
    value: str
    attributes: dict[str, str]

    @property
    def expired(self) -> bool:
        """Whether the server asked for its removal (``Max-Age`` wins over ``Expires``)."""
        max_age = self.attributes.get("max-age")
        if max_age is not None:
            return not max_age.isdigit() or int(max_age) == 0
        try:
            return parsedate_to_datetime(self.attributes["expires"]).timestamp() <= time.time()
        except (KeyError, ValueError, TypeError):
            return False

    def covers(self, path: str) -> bool:
        """Whether its ``Path`` holds for a request's path (RFC 6265, 5.1.4)."""
        prefix = self.attributes.get("path", "")
        if not prefix.startswith("/") or path == prefix:
            return True
        return path.startswith(prefix if prefix.endswith("/") else f"{prefix}/")


def parse_set_cookie(header: str) -> Cookie | None:
    """One ``Set-Cookie`` header; None when it names no cookie."""
    pair, *rest = header.split(";")
    name, separator, value = pair.partition("=")
    if not separator or not name.strip():
        return None
    attributes = {key.strip().lower(): item.strip() for key, _, item in (part.partition("=") for part in rest)}
    return Cookie(name.strip(), value.strip().strip('"'), attributes)


class CookieJar(MutableMapping[str, str]):
    """Cookies by name. Reads and writes like a dict of values; :meth:`cookie` gives the attributes as well."""

    def __init__(self) -> None:
        self._cookies: dict[str, Cookie] = {}
        self._lock = Lock()

    def copy(self) -> CookieJar:
        """A jar of its own with the same cookies."""
        other = CookieJar()
        with self._lock:
            other._cookies = dict(self._cookies)
        return other

    def take(self, set_cookie_headers: list[str]) -> None:
        """Keep, replace or drop cookies as an answer's ``Set-Cookie`` headers say."""
        with self._lock:
            for cookie in filter(None, map(parse_set_cookie, set_cookie_headers)):
                if cookie.expired:
                    self._cookies.pop(cookie.name, None)
                else:
                    self._cookies[cookie.name] = cookie

    def header(self, path: str) -> str:
        """The ``Cookie`` header for a request to that path; empty when there is none to send."""
        with self._lock:
            return "; ".join(f"{c.name}={c.value}" for c in self._cookies.values() if c.covers(path))

    def cookie(self, name: str) -> Cookie:
        """The cookie of that name with its attributes; raises KeyError."""
        return self._cookies[name]

    def __getitem__(self, name: str) -> str:
        return self._cookies[name].value

    def __setitem__(self, name: str, value: str) -> None:
        with self._lock:
            self._cookies[name] = Cookie(name, value, {})

    def __delitem__(self, name: str) -> None:
        with self._lock:
            del self._cookies[name]

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._cookies))

    def __len__(self) -> int:
        return len(self._cookies)
