"""What a project may ask of its throw-away servers: its own data, and nothing of the machine they run on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pymongo
import pytest
import redis

from generator.errors import ScaffoldError
from generator.services import ServicePool, provide
from generator.services.contents import contents
from generator.services.mongodb import MongoService
from generator.services.ports import HOST
from generator.services.postgresql import OWNER, PostgresService
from tests.services.wire import read

REFUSED_SQL = (
    "COPY kept FROM PROGRAM 'id'",
    "COPY kept TO PROGRAM 'cat'",
    "COPY kept TO '/tmp/scaffold-rights'",
    "COPY kept FROM '/etc/hostname'",
    "SELECT pg_read_file('/etc/hostname')",
    "SELECT pg_ls_dir('/')",
    "SELECT lo_export(1, '/tmp/scaffold-rights')",
    "ALTER SYSTEM SET archive_command = 'id'",
    "CREATE EXTENSION file_fdw",
    "CREATE EXTENSION dblink",
    "CREATE FUNCTION f() RETURNS int AS 'libc.so.6', 'getpid' LANGUAGE C",
    "CREATE ROLE other",
    "ALTER ROLE CURRENT_USER SUPERUSER",
    f"SET ROLE {OWNER}",
    "SELECT rolpassword FROM pg_authid",
)
REFUSED_COMMANDS = (
    "CONFIG SET dir /tmp",
    "CONFIG GET dir",
    "MODULE LOAD /tmp/x.so",
    "DEBUG SLEEP 0",
    "SAVE",
    "BGREWRITEAOF",
    "SHUTDOWN NOSAVE",
    "REPLICAOF 127.0.0.1 1",
    "FLUSHALL",
    "SWAPDB 0 1",
    "MONITOR",
    "CLIENT KILL TYPE normal",
    "ACL SETUSER default +@all",
)


@pytest.fixture
def database(pool: ServicePool) -> str:
    """The URL of a database with one row, as its project has it."""
    url = pool.get("postgresql").fresh_url()
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept (value text); INSERT INTO kept VALUES ('secret')")
    return url


@pytest.fixture
def cache(pool: ServicePool) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(pool.get("redis").fresh_url()) as client:
        yield client


@pytest.mark.parametrize("statement", REFUSED_SQL)
def test_the_role_of_a_project_reaches_no_file_and_no_program(database: str, statement: str) -> None:
    with (
        psycopg.connect(database, autocommit=True) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement.encode())


def test_what_tests_of_a_project_need_is_allowed(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS app_test")
        connection.execute("CREATE DATABASE app_test")
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public; CREATE EXTENSION pg_trgm")
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )


@pytest.mark.parametrize("command", REFUSED_COMMANDS)
def test_the_user_of_a_cache_has_no_rights_over_its_server(cache: redis.Redis, command: str) -> None:
    with pytest.raises(redis.ResponseError, match=r"no permissions|not allowed"):
        cache.execute_command(*command.split())


def test_what_projects_do_with_a_cache_is_allowed(cache: redis.Redis) -> None:
    cache.set("a", "1", px=1000)
    assert cache.eval("return redis.call('GET', KEYS[1])", 1, "a") == b"1"
    assert cache.info()["redis_version"]
    cache.flushdb()
    assert cache.keys() == []


REFUSED_OF_DOCUMENTS = (
    {"secantusAdmin.archiveBaseSnapshot": 1, "archiveDir": "/tmp/scaffold-rights"},
    {"fsync": 1},
    {"setParameter": 1, "logLevel": 1},
    {"createUser": "other", "pwd": "other", "roles": ["root"]},
    {"grantRolesToUser": "app", "roles": ["root"]},
)


@pytest.fixture
def documents(pool: ServicePool) -> Iterator[pymongo.MongoClient[dict[str, Any]]]:
    with pymongo.MongoClient[dict[str, Any]](pool.get("mongodb").fresh_url()) as client:
        yield client


@pytest.mark.parametrize("command", REFUSED_OF_DOCUMENTS, ids=lambda command: next(iter(command)))
def test_the_user_of_a_document_store_has_no_rights_over_it(
    documents: pymongo.MongoClient[dict[str, Any]], command: dict[str, Any]
) -> None:
    with pytest.raises(pymongo.errors.OperationFailure, match="not authorized"):
        documents.admin.command(command)


def test_what_projects_do_with_documents_is_allowed(documents: pymongo.MongoClient[dict[str, Any]]) -> None:
    database = documents.get_default_database()
    database.kept.create_index("value", unique=True)
    with documents.start_session() as session, session.start_transaction():
        database.kept.insert_one({"value": 1}, session=session)
    assert database.name in documents.list_database_names()
    documents.drop_database(database.name)


def test_strangers_are_not_let_in(pool: ServicePool) -> None:
    with (
        pymongo.MongoClient[dict[str, Any]](HOST, pool.get("mongodb").port) as client,
        pytest.raises(pymongo.errors.OperationFailure, match="requires authentication"),
    ):
        client.app.kept.find_one()


def test_documents_of_the_time_without_users_are_kept(open_folder: Path) -> None:
    folder = open_folder / "documents"
    with MongoService(folder=folder) as service:
        service.start()
        service.stop()
        open_to_all = service._server(folder / "data", service.port)
        with pymongo.MongoClient[dict[str, Any]](HOST, service.port) as client:
            client.app.kept.insert_one({"value": "old"})
            client.admin.command("dropUser", "app")
        open_to_all.end()
        (folder / "password").unlink()
    with provide("mongodb", folder=folder) as again:
        assert read(again.url("app")) == ["old"]


HIDES = {
    "a cast of its own": """
        CREATE FUNCTION nothing(kept) RETURNS text LANGUAGE sql AS $$ SELECT '' $$;
        CREATE CAST (kept AS text) WITH FUNCTION nothing(kept)""",
    "a function of its own": """
        CREATE SCHEMA own;
        CREATE FUNCTION own.format(text, text, text, text) RETURNS text LANGUAGE sql AS $$ SELECT 'SELECT 1 LIMIT 0' $$;
        ALTER DATABASE {name} SET search_path = own, pg_catalog, public""",
    "a column of the same name": "ALTER TABLE kept ADD COLUMN t text DEFAULT 'x'",
}


@pytest.mark.parametrize("how", HIDES)
def test_rows_are_read_whatever_the_project_has_put_in_the_way(database: str, how: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(HIDES[how].format(name=database.rpartition("/")[2]).encode())
    assert ["secret" in row for _, row in contents(database)] == [True]


def test_rows_that_a_policy_hides_are_not_taken_for_gone(database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("ALTER TABLE kept ENABLE ROW LEVEL SECURITY; ALTER TABLE kept FORCE ROW LEVEL SECURITY")
    with pytest.raises(ScaffoldError, match="row-level security"):
        contents(database)


OLD = """
CREATE TABLE links (id serial PRIMARY KEY, number int GENERATED ALWAYS AS IDENTITY, note text);
INSERT INTO links (note) VALUES ('kept');
CREATE SEQUENCE free;
CREATE TYPE colour AS ENUM ('red');
CREATE VIEW seen AS SELECT * FROM links;
CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE SCHEMA other;
CREATE TABLE other.things (id int);
CREATE EXTENSION pg_trgm
"""


def test_data_of_the_time_when_projects_were_superuser_are_handed_over(open_folder: Path) -> None:
    with PostgresService(folder=open_folder / "data") as service:
        service.start()
        service._query("CREATE DATABASE app")
        service._query(OLD, database="app")
    with provide("postgresql", folder=open_folder / "data") as again, psycopg.connect(again.url("app")) as connection:
        assert connection.execute("SELECT note FROM links").fetchall() == [("kept",)]
        connection.execute("INSERT INTO links (note) VALUES ('new')")
        connection.execute("ALTER TABLE links ADD COLUMN url text; ALTER TABLE other.things ADD COLUMN url text")
        connection.execute(
            "DROP VIEW seen; DROP SEQUENCE free; DROP TYPE colour; DROP FUNCTION one(); DROP SCHEMA other CASCADE"
        )
