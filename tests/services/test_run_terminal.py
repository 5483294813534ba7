"""``scaffold run`` as a person sees it: in a real terminal of 80 by 24."""

from __future__ import annotations

import os
import signal
import socket
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from generator.runtime.settings import read_settings
from generator.services import provide
from tests.cli.terminal import CTRL_C, Terminal
from tests.services.test_run import make_project
from tests.services.toy_terminal import ToyTerminal
from tests.services.wire import holds

Begin = Callable[..., Terminal]


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Begin]:
    """Runs a toy project in a terminal, and ends it."""
    opened: list[Terminal] = []

    def run(*arguments: str, columns: int = 80, rows: int = 24, **environment: str) -> Terminal:
        terminal = ToyTerminal(
            "run", *arguments, cwd=tmp_path, columns=columns, rows=rows, SECRET_KEY="x", LOG_REQUESTS="1", **environment
        )
        opened.append(terminal)
        return terminal

    yield run
    for terminal in opened:
        terminal.hang_up()


def url_of(project: Path) -> str:
    return f"http://127.0.0.1:{read_settings(project / '.env')['PORT']}"


def get(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_requests_are_short_lines_and_the_log_has_all_of_them(tmp_path: Path, begin: Begin) -> None:
    url = url_of(make_project(tmp_path))
    terminal = begin()
    terminal.wait("a change restarts it")
    terminal.wait("try ")
    assert terminal.shows(f"docs {url}/docs")
    assert "GET    /health" not in terminal.text, "its own questions are nobody's requests"
    assert "GET    /docs" not in terminal.text

    get(f"{url}/print")
    get(f"{url}/links?q=1")
    get(f"{url}/health")
    terminal.wait("GET    /health 200 1.2 ms")
    assert "GET    /links?q=1 200 1.2 ms" in terminal.text
    assert "a learner's print" in terminal.text
    assert "{" not in terminal.text.partition("try ")[2].partition("GET")[2]

    terminal.send(CTRL_C)
    assert terminal.leave() == 130
    log = (tmp_path / ".scaffold" / "server.log").read_text()
    assert '"path": "/links?q=1", "status": 200, "durationMs": 1.25}' in log
    assert log.count('"path": "/health"') >= 2


def test_an_error_comes_with_its_traceback(tmp_path: Path, begin: Begin) -> None:
    url = url_of(make_project(tmp_path))
    terminal = begin(NO_COLOR="1")
    terminal.wait("try ")

    assert get(f"{url}/crash") == 500

    terminal.wait("GET    /crash 500 1.2 ms")
    assert "ERROR unhandled error" in terminal.text
    assert "    KeyError: 'a bug'" in terminal.text
    assert 'toy_server.py", line' in "".join(terminal.text.split("\n"))


def test_a_long_path_keeps_to_its_line_and_moves_no_cursor(tmp_path: Path, begin: Begin) -> None:
    url = url_of(make_project(tmp_path))
    terminal = begin(columns=40, rows=20)
    terminal.wait("try ")

    get(f"{url}/{'a' * 100}")
    terminal.wait("… 200 1.2 ms")
    line = next(line for line in terminal.text.splitlines() if "… 200" in line)
    assert len(line) <= 40


def test_a_change_starts_the_server_again(tmp_path: Path, begin: Begin) -> None:
    url = url_of(make_project(tmp_path))
    terminal = begin()
    terminal.wait("try ")

    (tmp_path / "app.txt").write_text("changed")

    terminal.wait("Restarting")
    terminal.wait("listening")
    assert holds(lambda: _answers(url))
    terminal.send(CTRL_C)
    assert terminal.leave() == 130


def test_a_server_that_does_not_start_waits_for_a_change(tmp_path: Path, begin: Begin) -> None:
    make_project(tmp_path)
    (tmp_path / "app.txt").write_text("broken")
    terminal = begin()
    terminal.wait("SyntaxError")
    terminal.wait("Waiting for a change")
    assert not terminal.shows("runs on")

    (tmp_path / "app.txt").write_text("mended")

    terminal.wait("toy runs on")
    terminal.send(CTRL_C)
    assert terminal.leave() == 130


def test_a_framework_without_reload_says_so(tmp_path: Path, begin: Begin) -> None:
    make_project(tmp_path)
    terminal = begin(NO_RELOAD="1")
    terminal.wait("try ")
    assert terminal.shows("express has no reload here: after a change, end this and run it again")
    assert terminal.shows("(Ctrl-C ends it)")


def test_reload_can_be_left_out(tmp_path: Path, begin: Begin) -> None:
    make_project(tmp_path)
    terminal = begin("--no-reload")
    terminal.wait("try ")
    assert terminal.shows("(Ctrl-C ends it)")
    assert not terminal.shows("has no reload")


def test_seeding_says_what_it_made(tmp_path: Path, begin: Begin) -> None:
    make_project(tmp_path)
    terminal = begin("--seed", CAN_SEED="1")
    terminal.wait("try ")
    assert terminal.shows("Example data noise")
    assert terminal.shows("made a link code=abc")


def test_a_taken_port_is_told_once_and_truly(tmp_path: Path, begin: Begin) -> None:
    make_project(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        taken = listener.getsockname()[1]
        terminal = begin(PORT=str(taken))
        terminal.wait("try ")
    assert terminal.text.count("taken") == 1
    assert terminal.shows(f"port {taken} is taken)")


def test_a_database_that_is_killed_is_announced(open_folder: Path, begin: Begin) -> None:
    make_project(open_folder, database="postgresql", settings="DATABASE_URL=postgresql://app:app@127.0.0.1:1/app")
    terminal = begin(str(open_folder))
    terminal.wait("try ", 60)
    assert terminal.shows("database PostgreSQL 18")
    assert terminal.shows("postgresql://app:")
    assert terminal.shows(f"scaffold exec {open_folder} -- psql   opens it")

    os.kill(
        int((open_folder / ".scaffold" / "postgresql-18" / "data" / "postmaster.pid").read_text().split()[0]),
        signal.SIGKILL,
    )

    terminal.wait("has ended, and not by us")
    assert terminal.shows("The database's server (PostgreSQL 18")
    terminal.send(CTRL_C)
    assert terminal.leave() == 130


def test_what_takes_long_is_seen_to_go_on(tmp_path: Path, begin: Begin) -> None:
    make_project(tmp_path)
    terminal = begin(MIGRATE_FOR="3.5")
    terminal.wait("Migrating the database · 2 s")
    terminal.wait("try ")
    assert "Migrating" not in terminal.text


def _answers(url: str) -> bool:
    try:
        return get(url) == 200
    except OSError:
        return False


def test_a_database_of_the_settings_that_goes_away_is_announced(open_folder: Path, begin: Begin) -> None:
    with provide("postgresql") as server:
        make_project(open_folder, database="postgresql", settings=f"DATABASE_URL={server.url('app')}")
        terminal = begin(str(open_folder))
        terminal.wait("try ", 60)
        assert terminal.shows("DATABASE_URL in .env, which answers")

        server.stop()
        terminal.wait(f"The database's server at 127.0.0.1:{server.port} does not answer any more", 20)
        server.start()
        terminal.wait(f"The database's server at 127.0.0.1:{server.port} answers again", 20)

        terminal.send(CTRL_C)
        assert terminal.leave() == 130
