"""The fixtures that cases may ask for, and nothing else.

==============  ======================================================================================
``api``         an anonymous :class:`~generator.contract.client.Client` of the main server
``client``      ``client(address=None, headers=None)``: a fresh anonymous client
``as_user``     ``as_user(name, own=False)``: a signed-in client with ``.account``; for ``none`` the local user
``auth``        the auth choice: ``"none"``, ``"jwt"``, ``"session"``
``server``      the main :class:`~generator.contract.session.Server`
``boot``        ``with boot(env={}, fresh=False, ready=True) as server``: one more server of the project
``variant``     ``variant(env)``: one more server that goes on, for all cases that want these settings
``boot_refused``  ``boot_refused(env={})``: exit code and output of a start that must fail
``database``    a :class:`~generator.contract.session.Service` to stop, start, pause and resume
``cache``       the same for the cache
``contents``    what the database holds: ``contents.holding("text")`` gives the rows with that text
``project``     its commands: ``project.run("migrate", {"DATABASE_URL": project.blank_database()}, stop_at=2)``
``raw``         ``raw(data, timeout=5)``: bytes to the main server and back
``upstream``    ``upstream(answer)``: a server of another service, which does what the case wants
``mails``       the mails that were sent: ``mails.wait(address)``, ``mails.to(address)``
``openapi``     the idea's OpenAPI document, without the paths that the project's auth choice does not have
==============  ======================================================================================

A case that uses ``boot``, ``variant``, ``boot_refused``, ``project``, or more than the addresses of ``server`` needs
``process``;
``database``, ``cache`` and ``contents`` need what they are called; signing in as two people needs ``users``. In
``env`` the value None takes a variable away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from typing import Any

import pytest

from generator.contract.client import Client, Headers, User
from generator.contract.mails import Mails
from generator.contract.plugin import SESSION
from generator.contract.raw import exchange
from generator.contract.session import Contents, Environment, Project, Server, Service, Session
from generator.services.upstream import Answer, Upstream


@pytest.fixture
def _session(request: pytest.FixtureRequest) -> Session:
    return request.config.stash[SESSION]


@pytest.fixture
def api(_session: Session) -> Client:
    """An anonymous client; for ``none`` that is the local user."""
    return _session.client(_session.main.target)


@pytest.fixture
def client(_session: Session) -> Callable[..., Client]:
    """Makes fresh anonymous clients: ``client(address=None, headers=None)``."""

    def make(address: str | None = None, headers: Headers | None = None) -> Client:
        return _session.client(_session.main.target, address, headers)

    return make


@pytest.fixture
def as_user(_session: Session) -> Callable[..., User]:
    """Signs in: ``as_user("ann")``.

    A case for some auth choices, or one that needs ``users``, gets accounts of its own, one per name, and a session of
    its own at each call. Other cases share users and log-ins, as they do where there are no accounts; one that changes
    or ends an account says so: ``as_user("ann", own=True)``.
    """
    return _session.main.as_user


@pytest.fixture
def auth(_session: Session) -> str:
    """The auth choice of the project."""
    return _session.auth


@pytest.fixture
def server(_session: Session) -> Server:
    """The main server."""
    return _session.main


@pytest.fixture
def boot(_session: Session) -> Callable[..., AbstractContextManager[Server]]:
    """Starts further servers: ``with boot(env={}, fresh=False, ready=True) as server``.

    ``fresh`` gives it a new, migrated database of its own; otherwise it shares the main server's. ``ready=False``
    does not wait until it answers.
    """

    def start(
        env: Environment | None = None, fresh: bool = False, ready: bool = True
    ) -> AbstractContextManager[Server]:
        return _session.boot(env or {}, fresh=fresh, ready=ready)

    return start


@pytest.fixture
def variant(_session: Session) -> Callable[[Environment], Server]:
    """A further server on the main one's database that all cases with the same settings share.

    It goes on after the case, so a case must not end it, nor use up a limit that another one relies on.
    """
    return _session.variant


@pytest.fixture
def boot_refused(_session: Session) -> Callable[..., tuple[int, str]]:
    """Tries a start that must fail: ``code, output = boot_refused({"SECRET_KEY": None})``."""

    def start(env: Environment | None = None, timeout: float = 15.0) -> tuple[int, str]:
        return _session.refuse(env or {}, timeout)

    return start


@pytest.fixture
def database(_session: Session) -> Service:
    """The database server, see :class:`generator.contract.session.Service`."""
    return Service(_session, "database")


@pytest.fixture
def cache(_session: Session) -> Service:
    """The cache server."""
    return Service(_session, "cache")


@pytest.fixture
def contents(_session: Session) -> Contents:
    """What the main server's database holds."""
    return Contents(_session)


@pytest.fixture
def project(_session: Session) -> Project:
    """The project's commands."""
    return Project(_session)


@pytest.fixture
def raw(_session: Session) -> Callable[..., bytes]:
    """Exchanges bytes with the main server: ``raw(b"GET / HTTP/1.1\\r\\n...", timeout=5)``."""

    def send(data: bytes, *, timeout: float = 5.0) -> bytes:
        return exchange(_session.main.target, data, timeout=timeout)

    return send


@pytest.fixture
def mails(_session: Session) -> Mails:
    """The mails that the project's servers have sent, see :class:`generator.contract.mails.Mails`."""
    return _session.mails


@pytest.fixture(scope="session")
def upstream() -> Iterator[Callable[[Answer], Upstream]]:
    """Makes servers of a service that the project talks to: ``upstream(answer)``.

    What it answers is a :class:`~generator.services.upstream.Reply`. A server goes on until the last case, so that
    cases can share a ``variant`` whose settings name it.
    """
    with ExitStack() as resources:
        yield lambda answer: resources.enter_context(Upstream(answer))


@pytest.fixture(scope="session")
def openapi(request: pytest.FixtureRequest) -> Any:
    """The idea's ``contract/openapi.yaml``, parsed; a path with ``x-auth`` is there for these auth choices alone."""
    import yaml

    session = request.config.stash[SESSION]
    document = yaml.safe_load(session.settings.document)
    paths = document["paths"].items()
    document["paths"] = {path: item for path, item in paths if session.auth in item.get("x-auth", [session.auth])}
    return document
