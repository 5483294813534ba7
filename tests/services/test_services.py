"""Throw-away servers do what a real one does: keep data, break connections, hang, go away."""

from __future__ import annotations

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from generator.errors import ScaffoldError
from generator.services import SERVED, Service, ServicePool, provide
from generator.services.ports import HOST, answers
from tests.services.wire import read, write


def test_a_service_says_what_it_really_is(service: Service) -> None:
    names = {"postgresql": "PostgreSQL 18.", "mongodb": "SecantusDB 0.", "redis": "Valkey 9."}
    assert service.runs_on.startswith(names[service.choice])
    assert isinstance(service, Service)


def test_a_fresh_url_is_empty_and_apart_from_the_others(service: Service) -> None:
    first, second = service.fresh_url(), service.fresh_url()
    write(first, "one")
    assert read(first) == ["one"]
    assert read(second) == []


def test_the_same_name_is_the_same_database(service: Service) -> None:
    write(service.url("app"), "one")
    assert read(service.url("app")) == ["one"]


def test_what_was_acknowledged_survives_an_immediate_stop(service: Service) -> None:
    url = service.fresh_url()
    values = [str(number) for number in range(40)]
    for value in values:
        write(url, value)
    service.stop()
    assert not service.running
    assert not answers(HOST, service.port)
    service.start()
    assert read(url) == values


def test_stop_breaks_connections(service: Service) -> None:
    with socket.create_connection((HOST, service.port), timeout=5) as connection:
        service.stop()
        try:
            assert connection.recv(1024) == b""
        except ConnectionResetError:
            pass
        finally:
            service.start()


def test_a_paused_service_hangs_and_goes_on(service: Service) -> None:
    url = service.fresh_url()
    write(url, "before")
    service.pause()
    try:
        assert answers(HOST, service.port), "the connection itself is accepted"
        with pytest.raises(Exception, match=r"(?i)time"):
            read(url)
    finally:
        service.resume()
    assert read(url) == ["before"]


def test_starting_a_paused_or_stopped_service_again_works_twice(service: Service) -> None:
    url = service.fresh_url()
    service.pause()
    service.start()
    service.stop()
    service.stop()
    service.start()
    service.start()
    write(url, "still there")
    assert read(url) == ["still there"]


def test_open_connections_hang_with_the_server(pool: ServicePool) -> None:
    service = pool.get("postgresql")
    with psycopg.connect(service.fresh_url(), autocommit=True) as connection:
        asked = threading.Thread(target=connection.execute, args=["SELECT 1"], daemon=True)
        service.pause()
        asked.start()
        asked.join(0.5)
        assert asked.is_alive()
        service.resume()
        asked.join(5)
        assert not asked.is_alive()


@pytest.mark.parametrize("choice", SERVED)
def test_close_removes_everything_and_may_be_repeated(choice: str) -> None:
    with provide(choice) as service:
        folder = service.folder  # type: ignore[attr-defined]
        assert folder.is_dir()
    service.close()
    assert not folder.exists()
    assert not answers(HOST, service.port)
    with pytest.raises(ScaffoldError, match="closed"):
        service.start()


@pytest.mark.parametrize("choice", ["postgresql", "mongodb"])
def test_a_given_folder_keeps_the_data(choice: str, open_folder: Path) -> None:
    with provide(choice, folder=open_folder / choice) as service:
        write(service.url("app"), "kept")
    with provide(choice, folder=open_folder / choice) as service:
        assert read(service.url("app")) == ["kept"]


def test_a_folder_in_use_is_refused(open_folder: Path) -> None:
    with (
        provide("postgresql", folder=open_folder / "data"),
        pytest.raises(ScaffoldError, match="lock file"),
    ):
        provide("postgresql", folder=open_folder / "data")


def test_an_unknown_choice_names_the_known_ones() -> None:
    with pytest.raises(ScaffoldError, match="postgresql, mongodb, redis"):
        provide("sqlite")


def test_databases_are_made_by_many_at_once() -> None:
    with ServicePool() as pool, ThreadPoolExecutor(8) as threads:
        service = pool.get("postgresql")
        urls = list(threads.map(service.url, (f"made_{number}" for number in range(8))))

        for url in urls:
            with psycopg.connect(url) as connection:
                connection.execute("CREATE TABLE mine (id int)")


def test_two_postgresql_servers_do_not_share_the_way_in(pool: ServicePool) -> None:
    url = pool.get("postgresql").fresh_url()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(url.replace("://app:", "://app:x"))
