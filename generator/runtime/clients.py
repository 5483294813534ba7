"""Command-line clients of databases: how one opens a project's database, and what they are given for it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from urllib.parse import parse_qs, unquote, urlsplit

CLIENTS = {
    "postgresql": ("psql",),
    "mongodb": ("mongosh",),
    "redis": ("redis-cli", "valkey-cli"),
    "sqlite": ("sqlite3",),
}
OWN_ADDRESS = {
    "mongosh": ("--host", "--port", "--nodb"),
    "redis-cli": ("-u", "-h", "-p", "-s"),
    "valkey-cli": ("-u", "-h", "-p", "-s"),
}


def client_of(url: str, path: str | None = None) -> str | None:
    """The name of a client for a database that can be run here; None if there is none.

    Args:
        url: such as ``postgresql://app:app@127.0.0.1:5432/app``.
        path: where to look; by default this process's own.
    """
    found = (name for name in CLIENTS.get(_kind(url), ()) if shutil.which(name, path=path))
    return next(found, None)


def connected(arguments: Sequence[str], urls: Sequence[str]) -> list[str]:
    """A command line whose program, if it is a client, finds the project's database without being told where it is.

    Args:
        arguments: the command line.
        urls: of the project's databases and caches.
    """
    program, *rest = arguments
    name = PurePath(program).name
    url = next((url for url in urls if name in CLIENTS.get(_kind(url), ())), None)
    if url is None or any(one.split("=")[0] in OWN_ADDRESS.get(name, ()) or "://" in one for one in rest):
        return list(arguments)
    if name == "mongosh":
        return [program, url, *rest]
    if name == "sqlite3":
        return [program, *rest, sqlite_path(url)] if all(one.startswith("-") for one in rest) else list(arguments)
    return list(arguments) if name == "psql" else [program, "-u", url, *rest]


def libpq_environment(urls: Sequence[str]) -> dict[str, str]:
    """The variables by which PostgreSQL's programs find a database.

    Args:
        urls: of the project's databases; the first that is PostgreSQL's counts.
    """
    url = next((url for url in urls if _kind(url) == "postgresql"), None)
    if url is None:
        return {}
    parts = urlsplit(url)
    try:
        port = str(parts.port or "")
    except ValueError:
        return {}
    found: Mapping[str, str] = {
        "PGHOST": parts.hostname or "",
        "PGPORT": port,
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": unquote(parts.path.removeprefix("/")),
        "PGSSLMODE": parse_qs(parts.query).get("sslmode", [""])[0],
    }
    return {name: value for name, value in found.items() if value}


def sqlite_path(url: str) -> str:
    """The path of a database file.

    Args:
        url: with three slashes for a relative path, four for an absolute one.
    """
    return unquote(url.partition(":///")[2].partition("?")[0])


def _kind(url: str) -> str:
    scheme = url.partition(":")[0].partition("+")[0]
    return {"postgres": "postgresql", "rediss": "redis"}.get(scheme, scheme)
