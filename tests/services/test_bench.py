"""``scaffold test`` and ``scaffold exec`` from outside: what the command gets, what it leaves, how it ends."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.runtime.bench import with_arguments
from generator.runtime.clients import connected, libpq_environment
from generator.runtime.toolchain import NODE
from tests.cli.terminal import CTRL_C, Terminal
from tests.services.test_run import FAST, ROOT, make_project
from tests.services.toy_terminal import ToyTerminal
from tests.services.wire import alive, holds, read, write

Run = Callable[..., "subprocess.CompletedProcess[str]"]
SHOW = """
import json, os, sys
print(json.dumps({"arguments": sys.argv[1:], "folder": os.getcwd(), "environment": dict(os.environ)}))
"""
SERVED = "DATABASE_URL=postgresql://app:app@127.0.0.1:1/app\nCACHE_URL=redis://127.0.0.1:1/0\n"


@pytest.fixture
def begin() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts ``scaffold``; ends what a test left running."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str | Path, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.services.toy_cli", *map(str, arguments)],
            cwd=ROOT,
            env={**FAST, "SECRET_KEY": "x", **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def run(begin: Callable[..., subprocess.Popen[str]]) -> Run:
    def to_its_end(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        process = begin(*arguments, **environment)
        out, err = process.communicate(timeout=120)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    return to_its_end


def seen(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """What the command saw."""
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_tests_have_servers_of_their_own(open_folder: Path, run: Run) -> None:
    make_project(open_folder, database="postgresql", cache="redis", settings=SERVED)
    environment = seen(run("test", open_folder))["environment"]
    assert environment["TEST_DATABASE_URL"].startswith("postgresql://app:")
    assert environment["TEST_CACHE_URL"].startswith("redis://127.0.0.1:")
    assert environment["DATABASE_URL"] == environment["TEST_DATABASE_URL"], "no test can meet a developer's data"
    assert environment["CACHE_URL"] == environment["TEST_CACHE_URL"]
    assert not list((open_folder / ".scaffold").glob("postgresql*"))
    assert (open_folder / "installed.txt").exists()


def test_tests_of_sqlite_have_a_file_that_goes_away(tmp_path: Path, run: Run) -> None:
    make_project(tmp_path)
    environment = seen(run("test", tmp_path, "--no-install"))["environment"]
    file = Path(environment["TEST_DATABASE_URL"].removeprefix("sqlite:///"))
    assert file.is_absolute()
    assert not file.parent.exists()
    assert not (tmp_path / "installed.txt").exists()


def test_a_given_test_database_is_used_and_none_is_started(tmp_path: Path, run: Run) -> None:
    make_project(tmp_path, database="postgresql")
    given = "postgresql://ci@127.0.0.1:1/ci_test"
    environment = seen(run("test", tmp_path, TEST_DATABASE_URL=given))["environment"]
    assert environment["TEST_DATABASE_URL"] == environment["DATABASE_URL"] == given


def test_arguments_and_exit_code_go_through(tmp_path: Path, run: Run) -> None:
    make_project(tmp_path)
    done = run("test", tmp_path, "--", "-k", "one two", "--no-install", "--", "-x", TEST_EXIT="7")
    assert done.returncode == 7
    found = json.loads(done.stdout)
    assert found["arguments"] == ["-k", "one two", "--no-install", "--", "-x"]
    assert found["folder"] == str(tmp_path)


def test_npm_gets_the_dashes_that_it_wants() -> None:
    assert with_arguments(("npm", "test"), ["--watch"]) == ["npm", "test", "--", "--watch"]
    assert with_arguments(("npm", "test"), []) == ["npm", "test"]
    assert with_arguments(("uv", "run", "pytest"), ["-x"]) == ["uv", "run", "pytest", "-x"]


@pytest.mark.parametrize("database", ["postgresql", "mongodb"])
def test_a_command_has_the_data_of_run(database: str, open_folder: Path, run: Run) -> None:
    make_project(open_folder, database=database, settings=f"DATABASE_URL={database}://127.0.0.1:1/app")
    script = f"import os, sys; sys.path.insert(0, {str(ROOT)!r}); from tests.services.wire import *; "
    url = "os.environ['DATABASE_URL']"
    for kept in ("[]", "['first']"):
        code = f"{script}assert read({url}) == {kept}, read({url}); write({url}, 'first')"
        done = run("exec", open_folder, "--", sys.executable, "-c", code)
        assert done.returncode == 0, done.stderr


def test_a_command_beside_a_run_uses_its_servers(
    open_folder: Path, run: Run, begin: Callable[..., subprocess.Popen[str]]
) -> None:
    make_project(open_folder, database="postgresql", cache="redis", settings=SERVED)
    running = begin("run", open_folder, "--json")
    assert running.stdout is not None
    facts = json.loads(running.stdout.readline())
    write(facts["database"]["url"], "first")

    environment = seen(run("exec", open_folder, "--", sys.executable, "-c", SHOW))["environment"]

    assert environment["DATABASE_URL"] == facts["database"]["url"]
    assert environment["CACHE_URL"] == facts["cache"]["url"]
    assert environment["TEST_DATABASE_URL"].rpartition("/") == (
        facts["database"]["url"].rpartition("/")[0],
        "/",
        "app_test",
    )
    assert environment["TEST_CACHE_URL"].endswith("/15")
    assert read(facts["database"]["url"]) == ["first"]
    record = open_folder / ".scaffold" / "servers"
    assert record.stat().st_mode & 0o077 == 0, "it holds a password"
    running.send_signal(signal.SIGTERM)
    assert running.wait(15) == 0
    assert not record.exists()


def test_a_client_finds_the_database_by_itself(open_folder: Path, run: Run) -> None:
    make_project(open_folder, database="postgresql", settings=SERVED)
    done = run("exec", open_folder, "--", "psql", "-Atc", "select current_database(), current_user")
    assert (done.returncode, done.stdout) == (0, "app|app\n"), done.stderr


def test_a_command_runs_in_the_projects_folder_with_every_word(tmp_path: Path, run: Run) -> None:
    make_project(tmp_path)
    done = run("exec", tmp_path, "--", sys.executable, "-c", SHOW, "--", "a b")
    assert seen(done)["arguments"] == ["--", "a b"]
    assert seen(done)["folder"] == str(tmp_path)
    assert "VIRTUAL_ENV" not in seen(done)["environment"]


def test_the_toolchain_is_on_the_path(tmp_path: Path) -> None:
    """With the real commands of Express: an old Node.js on the path is replaced."""
    (tmp_path / "bin").mkdir()
    for name, version in (("node", "v20.0.0"), ("npm", "10.0.0")):
        (tmp_path / "bin" / name).write_text(f"#!/bin/sh\necho {version}\n")
        (tmp_path / "bin" / name).chmod(0o755)
    make_project(tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "generator", "exec", str(tmp_path), "--", "node", "--version"],
        cwd=ROOT,
        env={**FAST, "PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert done.stdout.strip() == f"v{NODE.version}"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["exec"], "There is no command. Put it behind --, such as: scaffold exec -- npm test."),
        (["exec", "--"], "There is no command. Put it behind --"),
        (["exec", "npm"], "npm is no command. Put it behind --"),
        (["exec", ".", "npm", "test"], "npm test"),
        (["exec", "nowhere", "--", "true"], "not a generated project"),
        (["test", "nowhere"], "not a generated project"),
        (["test", "--hoot"], "--hoot"),
    ],
)
def test_wrong_use_is_one_line_and_code_2(arguments: list[str], said: str, run: Run) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert said in done.stderr


def test_a_program_that_is_not_there_is_named(tmp_path: Path, run: Run) -> None:
    make_project(tmp_path)
    done = run("exec", tmp_path, "--", "no-such-program")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "no-such-program cannot be run: no such file or directory" in done.stderr


def test_a_command_reads_what_it_is_given(tmp_path: Path, begin: Callable[..., subprocess.Popen[str]]) -> None:
    make_project(tmp_path)
    process = begin("exec", tmp_path, "--", "cat")
    assert process.communicate("typed", timeout=30)[0] == "typed"


WAIT = "import os, time; open('pid', 'w').write(str(os.getpid())); time.sleep(60)"


@pytest.mark.parametrize(("number", "code"), [("SIGTERM", 143), ("SIGINT", 130), ("SIGHUP", 129)])
def test_a_signal_ends_the_command_and_its_servers(
    number: str, code: int, open_folder: Path, begin: Callable[..., subprocess.Popen[str]]
) -> None:
    make_project(open_folder, database="mongodb", settings="DATABASE_URL=mongodb://127.0.0.1:1/app")
    process = begin("exec", open_folder, "--", sys.executable, "-c", WAIT)
    assert holds(lambda: (open_folder / "pid").exists() and (open_folder / "pid").read_text() != "", 30)
    process.send_signal(signal.Signals[number])
    assert process.wait(15) == code
    assert not alive(int((open_folder / "pid").read_text()))
    assert not (open_folder / ".scaffold" / "servers").exists()


def test_killed_it_takes_the_command_with_it(tmp_path: Path, begin: Callable[..., subprocess.Popen[str]]) -> None:
    make_project(tmp_path)
    process = begin("exec", tmp_path, "--", sys.executable, "-c", WAIT)
    assert holds(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text() != "", 30)
    process.kill()
    assert holds(lambda: not alive(int((tmp_path / "pid").read_text())))


ASK = "name = input('name? '); print('hello', name)"


def test_a_command_has_the_terminal(tmp_path: Path) -> None:
    make_project(tmp_path)
    terminal: Terminal = ToyTerminal("exec", "--", sys.executable, "-c", ASK, cwd=tmp_path)
    terminal.wait("name? ")
    terminal.send("ann\r")
    terminal.wait("hello ann")
    assert terminal.leave() == 0


PROMPT = """
import signal
def again(number, frame): print("interrupted once", flush=True)
signal.signal(signal.SIGINT, again)
print("ready", flush=True)
input()
"""


def test_ctrl_c_is_the_commands_own(tmp_path: Path) -> None:
    """As psql has it: Ctrl-C ends a query, not the session, and it comes once."""
    make_project(tmp_path)
    terminal: Terminal = ToyTerminal("exec", "--", sys.executable, "-c", PROMPT, cwd=tmp_path)
    terminal.wait("ready")
    terminal.send(CTRL_C)
    terminal.wait("interrupted once")
    time.sleep(0.3)
    terminal.send("\r")
    assert terminal.leave() == 0
    assert terminal.text.count("interrupted once") == 1


def test_clients_are_told_where_unless_they_are_told_already() -> None:
    urls = ["mongodb://127.0.0.1:1/app", "redis://127.0.0.1:2/0"]
    assert connected(["mongosh"], urls) == ["mongosh", urls[0]]
    assert connected(["mongosh", "--eval", "1"], urls) == ["mongosh", urls[0], "--eval", "1"]
    assert connected(["mongosh", "mongodb://elsewhere"], urls) == ["mongosh", "mongodb://elsewhere"]
    assert connected(["/usr/bin/redis-cli", "ping"], urls) == ["/usr/bin/redis-cli", "-u", urls[1], "ping"]
    assert connected(["redis-cli", "-p", "3"], urls) == ["redis-cli", "-p", "3"]
    assert connected(["npm", "test"], urls) == ["npm", "test"]
    assert connected(["sqlite3"], ["sqlite:///./data/app.db"]) == ["sqlite3", "./data/app.db"]
    assert connected(["sqlite3", "other.db"], ["sqlite:///./data/app.db"]) == ["sqlite3", "other.db"]


def test_libpq_finds_a_hosters_database() -> None:
    found = libpq_environment(["postgres://a%40b:p%2Fw@db.example/app?sslmode=require"])
    assert found == {
        "PGHOST": "db.example",
        "PGUSER": "a@b",
        "PGPASSWORD": "p/w",
        "PGDATABASE": "app",
        "PGSSLMODE": "require",
    }
    assert libpq_environment(["sqlite:///x"]) == {}
