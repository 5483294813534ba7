"""The HTTP client of a case: one made-up visitor of one server."""

from __future__ import annotations

import ssl
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from http.cookiejar import CookieJar as StandardJar
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import httpx

from generator.contract.addresses import fresh_forwarded, fresh_source, source_for
from generator.contract.cookies import CookieJar
from generator.contract.evidence import Evidence, exchange_of, new_request_id, unanswered

TIMEOUT_SECONDS = 5.0
# What a server may take to answer in all, however busily it sends: it is one of a learner's, or an attacker's.
WHOLE_SECONDS = 30.0
WHOLE_BYTES = 16 * 1024 * 1024
CSRF_COOKIE = "csrf_token"
CSRF_HEADER = "X-CSRF-Token"

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_SHOWN_BODY = 300
_RECOGNISED = 60

Headers = Mapping[str, Any] | Iterable[tuple[Any, Any]]


@dataclass
class Journal:
    """The exchanges of the running case, for the message of one that fails.

    Attributes:
        broken: whether a connection broke, or an answer did not come.
        names_requests: whether requests to the main server get an ``X-Request-Id`` of ours.
        evidence: what is kept of the exchanges.
    """

    _exchanges: deque[tuple[str, str]] = field(default_factory=lambda: deque(maxlen=1))
    broken: bool = False
    names_requests: bool = True
    evidence: Evidence = field(default_factory=Evidence)

    def note_error(self, error: httpx.TransportError, at: float) -> None:
        """Remember a request without an answer, sent at that time."""
        self.broken = True
        if exchange := unanswered(error, at):
            self.evidence.add(exchange)

    def note(self, response: httpx.Response, at: float) -> None:
        """Remember an answer to what was sent at that time, its body shortened."""
        self.evidence.add(exchange_of(response, at))
        request, body = response.request, " ".join(response.text[:_SHOWN_BODY].split())
        path = request.url.raw_path.decode("ascii", "replace")
        path = path if len(path) <= 120 else f"{path[:119]}…"
        self._exchanges.append((f"{request.method} {path} answered {response.status_code}", body))

    def clear(self) -> None:
        """Forget it; called before each case."""
        self._exchanges.clear()
        self.evidence.clear()
        self.broken = False

    @property
    def last(self) -> str:
        """The last exchange in one line, or an empty string."""
        return self.beside("")

    def beside(self, message: str) -> str:
        """The last exchange in one line, without the body if a message that stands beside it shows that."""
        if not self._exchanges:
            return ""
        line, body = self._exchanges[-1]
        return line if not body or body[:_RECOGNISED] in " ".join(message.split()) else f"{line} {body}"


Newcomer = Callable[["Client", Mapping[str, Any], httpx.Response], None]


def accepted(client: Client, sent: Mapping[str, Any], answer: httpx.Response) -> None:
    """Where a sign-up makes an account at once: see that it did."""
    assert answer.status_code == 201, f"could not sign up: {answer.status_code} {answer.text[:300]}"


@dataclass(frozen=True)
class Target:
    """Where a client's requests go.

    Attributes:
        url: the server's own address, without a trailing slash.
        public_url: what it builds its links on; requests to it go to ``url``.
        auth: the auth choice, see :data:`generator.contract.AUTHS`.
        bind_sources: whether clients differ by the address they connect from, not by ``X-Forwarded-For``.
        database: names the database behind it, so that accounts are known where they exist.
        newcomer: called with who signed up, what was sent and the answer: does what is left until there is an account.
        main: whether it is the main server, whose requests get an ``X-Request-Id`` by which its log is searched.
    """

    url: str
    public_url: str
    auth: str
    bind_sources: bool = False
    database: str = "main"
    main: bool = False
    newcomer: Newcomer = field(default=accepted, compare=False)
    journal: Journal = field(default_factory=Journal, compare=False)

    def absolute(self, path: str) -> str:
        """The URL to request for a path, or for a URL that the server itself gave out.

        Raises:
            ValueError: a URL of another host: cases never leave the server under test.
        """
        if path.startswith("/"):
            return self.url + path
        for base in (self.url, self.public_url):
            if path == base or path.startswith((f"{base}/", f"{base}?")):
                return self.url + path.removeprefix(base)
        raise ValueError(f"{path!r} is neither a path nor a URL of the server under test")


@dataclass
class Account:
    """Who a signed-in client is. A case that changes the password says so here, for later log-ins.

    ``tokens`` is the log-in answer of ``jwt`` (``accessToken``, ``refreshToken`` …) and empty otherwise.
    """

    email: str
    password: str
    name: str
    tokens: dict[str, Any] = field(default_factory=dict)


class Client:
    """A visitor with an address, a cookie jar and connections of its own. Never follows redirects.

    Args:
        target: the server.
        address: the address it seems to come from; a fresh one by default.
        headers: sent with every request; a request's own headers win.

    A request takes what ``httpx.Client.request`` takes, and ``cookies`` is merged over the jar. A header given as
    None is not sent: ``headers={"Authorization": None}``. When the jar holds a CSRF token, requests that change
    something carry it, unless they give that header themselves. A signed-in user's client is a :class:`User`.
    """

    def __init__(self, target: Target, address: str | None = None, headers: Headers | None = None) -> None:
        self.target = target
        self.cookies = CookieJar()
        self.headers: dict[str, Any] = {}
        local_address = None
        if target.bind_sources:
            local_address = source_for(address) if address else fresh_source()
            self.address = address or local_address
        else:
            self.address = address or fresh_forwarded()
            self.headers["X-Forwarded-For"] = self.address
        self.headers.update(_pairs(headers))
        self._http = httpx.Client(
            transport=httpx.HTTPTransport(verify=_tls(), trust_env=False, local_address=local_address),
            timeout=TIMEOUT_SECONDS,
            follow_redirects=False,
            trust_env=False,
            cookies=StandardJar(DefaultCookiePolicy(allowed_domains=[])),  # httpx must keep none: ours does
        )

    @property
    def auth(self) -> str:
        """The auth choice of its server."""
        return self.target.auth

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Send one request and read the whole answer.

        Raises:
            httpx.TransportError: no connection, none in time (5 s unless ``timeout`` is given), a broken answer, or
                one that has not ended after 30 s or 16 MiB.
        """
        url = self.target.absolute(path)
        headers = self._merged(method, urlsplit(url).path, options.pop("cookies", {}), options.pop("headers", None))
        options["follow_redirects"] = False
        sent_at = time.time()
        try:
            with self._http.stream(method, url, headers=headers, **options) as answer:
                response = _whole(answer)
        except httpx.TransportError as error:
            self.target.journal.note_error(error, sent_at)
            raise
        self.cookies.take(response.headers.get_list("set-cookie"))
        self.target.journal.note(response, sent_at)
        return response

    def get(self, path: str, **options: Any) -> httpx.Response:
        """GET."""
        return self.request("GET", path, **options)

    def head(self, path: str, **options: Any) -> httpx.Response:
        """HEAD."""
        return self.request("HEAD", path, **options)

    def options(self, path: str, **options: Any) -> httpx.Response:
        """OPTIONS."""
        return self.request("OPTIONS", path, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:
        """POST."""
        return self.request("POST", path, **options)

    def put(self, path: str, **options: Any) -> httpx.Response:
        """PUT."""
        return self.request("PUT", path, **options)

    def patch(self, path: str, **options: Any) -> httpx.Response:
        """PATCH."""
        return self.request("PATCH", path, **options)

    def delete(self, path: str, **options: Any) -> httpx.Response:
        """DELETE."""
        return self.request("DELETE", path, **options)

    def csrf(self) -> str:
        """Fetch a CSRF token into the jar where the project has them, and return it; elsewhere an empty string."""
        if self.auth not in {"session", "oauth"}:
            return ""
        response = self.get("/api/v1/auth/csrf")
        assert response.status_code == 200, f"no CSRF token: {self.target.journal.last}"
        return self.cookies.get(CSRF_COOKIE, "")

    def close(self) -> None:
        """Close its connections."""
        self._http.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _merged(
        self, method: str, path: str, cookies: Mapping[str, str | None], headers: Headers | None
    ) -> list[tuple[Any, Any]]:
        own: list[tuple[Any, Any]] = list(self.headers.items())
        jar = self.cookies.header(path)
        if cookies:
            kept = [pair for pair in jar.split("; ") if pair and pair.split("=", 1)[0] not in cookies]
            jar = "; ".join(kept + [f"{name}={value}" for name, value in cookies.items() if value is not None])
        if jar:
            own.append(("Cookie", jar))
        if method.upper() not in _SAFE_METHODS and CSRF_COOKIE in self.cookies:
            own.append((CSRF_HEADER, self.cookies[CSRF_COOKIE]))
        if self.target.main and self.target.journal.names_requests:
            own.append(("X-Request-Id", new_request_id()))
        given = _pairs(headers)
        overridden = {_lower(name) for name, _ in given}
        return [
            *((name, value) for name, value in own if _lower(name) not in overridden and value is not None),
            *((name, value) for name, value in given if value is not None),
        ]


class User(Client):
    """The client of a signed-in user; for ``none`` of the local user."""

    def __init__(self, target: Target, account: Account, address: str | None = None) -> None:
        super().__init__(target, address)
        self.account = account


def _whole(answer: httpx.Response) -> httpx.Response:
    """The answer with its body, read no further than a body may go."""
    deadline = time.monotonic() + WHOLE_SECONDS
    body = bytearray()
    for part in answer.iter_raw():
        body += part
        if len(body) > WHOLE_BYTES:
            raise httpx.ReadError(f"the answer has more than {WHOLE_BYTES} bytes", request=answer.request)
        if time.monotonic() > deadline:
            raise httpx.ReadTimeout(f"the answer has not ended after {WHOLE_SECONDS:g} s", request=answer.request)
    response = httpx.Response(
        answer.status_code,
        headers=answer.headers.raw,
        stream=httpx.ByteStream(bytes(body)),
        request=answer.request,
        extensions=answer.extensions,
    )
    response.read()
    return response


def _pairs(headers: Headers | None) -> list[tuple[Any, Any]]:
    if headers is None:
        return []
    return list(headers.items()) if isinstance(headers, Mapping) else list(headers)


def _lower(name: str | bytes) -> str:
    return (name.decode("latin-1") if isinstance(name, bytes) else name).lower()


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    """One TLS context for all clients: loading the certificates costs 20 ms each time."""
    return httpx.create_ssl_context(trust_env=False)
