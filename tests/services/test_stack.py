"""A stack: environment, commands, servers and services of one project."""

from __future__ import annotations

import dataclasses
import json
import signal
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from generator.errors import ScaffoldError
from generator.project import Project
from generator.runtime.commands import telling_line
from generator.runtime.server import BootError, Server
from generator.runtime.stack import Stack
from generator.services import ServicePool
from generator.services.process import run
from tests.services.toy_project import ToyProject
from tests.services.wire import alive, holds


def environment_of(server: Server) -> dict[str, str]:
    with urllib.request.urlopen(server.url, timeout=30) as answer:
        return json.load(answer)


def test_a_server_gets_a_whole_environment_and_nothing_of_the_users(
    toy: ToyProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NODE_OPTIONS", "VIRTUAL_ENV", "AWS_SECRET_ACCESS_KEY", "CORS_ORIGINS"):
        monkeypatch.setenv(name, "the user's")
    with Stack(toy) as stack, stack.boot({"EXTRA": "1", "LOG_LEVEL": None}) as server:
        seen = environment_of(server)
        assert seen["APP_ENV"] == "test"
        assert seen["DATABASE_URL"].startswith("sqlite:////")
        assert seen["PUBLIC_URL"] == server.public_url == server.url == f"http://127.0.0.1:{server.port}"
        assert seen["RATE_LIMIT"] == "0"
        assert len(seen["SECRET_KEY"]) >= 32
        assert seen["EXTRA"] == "1"
        assert "LOG_LEVEL" not in seen
        assert "CACHE_URL" not in seen
        assert "the user's" not in seen.values()


def test_services_are_shared_and_databases_are_not(toy: ToyProject, pool: ServicePool) -> None:
    project = dataclasses.replace(toy, choices={**toy.choices, "database": "postgresql", "cache": "redis"})
    with Stack(project, services=pool) as first, Stack(project, services=pool) as second:
        assert first.database is second.database
        assert first.environment["DATABASE_URL"] != second.environment["DATABASE_URL"]
        assert first.environment["CACHE_URL"] != second.environment["CACHE_URL"]
        assert first.fresh_database() != first.environment["DATABASE_URL"]
    assert pool.get("postgresql").running


def test_a_pool_mends_what_a_stack_broke(toy: ToyProject, pool: ServicePool) -> None:
    project = dataclasses.replace(toy, choices={**toy.choices, "database": "postgresql"})
    with Stack(project, services=pool) as stack:
        assert stack.database is not None
        stack.database.stop()
    with Stack(project, services=pool) as stack:
        assert stack.database is not None
        assert stack.database.running


def test_a_server_ends_as_it_is_told(toy: ToyProject) -> None:
    with Stack(toy) as stack:
        server = stack.boot({"EXIT_WITH": "3"})
        assert server.stdout_lines() == ["listening"]
        server.terminate()
        assert server.wait(5) == 3
        killed = stack.boot()
        with pytest.raises(TimeoutError):
            killed.wait(0.1)
        killed.kill()
        assert killed.exit_code == -signal.SIGKILL
        left = stack.boot()
        folder = stack.folder
    assert not alive(left.pid)
    assert not folder.exists()


def test_a_refused_start_shows_code_and_words(toy: ToyProject) -> None:
    with Stack(toy) as stack:
        with pytest.raises(BootError, match="exit code 1: SECRET_KEY is missing") as error:
            stack.boot({"SECRET_KEY": None})
        assert error.value.ended
        assert error.value.server.exit_code == 1
        assert error.value.server.stderr_text() == "SECRET_KEY is missing\n"


def test_a_server_that_is_never_ready_is_ended(toy: ToyProject) -> None:
    with Stack(toy) as stack:
        stack.boot({"NEVER_READY": "1"}, ready=False).close()
        with pytest.raises(BootError, match="did not answer") as error:
            stack.boot({"NEVER_READY": "1"}, timeout=0.5)
        assert not error.value.ended
        assert not alive(error.value.server.pid)


def test_install_runs_once_for_the_same_manifests(toy: ToyProject) -> None:
    (toy.folder / "package.json").write_text("{}")
    marks = toy.folder / "installed.txt"
    with Stack(toy) as stack:
        stack.install()
        (toy.folder / "node_modules").mkdir()
        stack.install()
        stack.install()
        assert marks.read_text() == "xx"
        (toy.folder / "package.json").write_text('{"dependencies": {}}')
        stack.install()
        assert marks.read_text() == "xxx"
        (toy.folder / "node_modules").rmdir()
        stack.install()
        assert marks.read_text() == "xxxx"
    assert (toy.folder / ".scaffold" / ".gitignore").read_text() == "*\n"


def test_commands_answer_fail_and_hang(toy: ToyProject) -> None:
    with Stack(toy) as stack:
        stack.migrate()
        assert stack.run("migrate", {"DATABASE_URL": "other"}).stdout == "other\n"
        assert stack.run("seed").returncode == 1
        began = time.monotonic()
        with pytest.raises(ScaffoldError, match=r"within 2\.5 s: so far"):
            stack.run("hang", timeout=2.5)
        assert time.monotonic() - began < 30
        with pytest.raises(ScaffoldError, match="has no command 'fly'"):
            stack.run("fly")


def test_the_telling_line_of_a_failure() -> None:
    assert telling_line("noise\nValueError: why\n    at somewhere\n}") == "ValueError: why"
    assert telling_line("one\ntwo\n") == "two"
    npm = (
        "npm error code ETARGET\nnpm error notarget No matching version found for express@999.0.0.\n"
        "npm error notarget In most cases you are requesting\nnpm error A complete log of this run can be found in: x\n"
    )
    assert telling_line(npm) == "npm error notarget No matching version found for express@999.0.0."
    uv = "error: Request failed after 3 retries\n  Caused by: error sending request\n  Caused by: dns error\n"
    assert telling_line(uv) == "error: Request failed after 3 retries Caused by: dns error"
    assert telling_line("") == "it said nothing"


def test_a_paused_server_does_not_answer(toy: ToyProject) -> None:
    with Stack(toy) as stack, stack.boot() as server:
        server.pause()
        assert server.status("/health", timeout=0.3) == 0
        server.resume()
        assert holds(lambda: server.status("/health") == 200)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "not a generated project"),
        ("idea: [", "is not YAML"),
        ("- a", "is not a mapping"),
        ("idea: url-shortener", "has no usable scaffold_version, project, command, framework"),
        ("{idea: x, scaffold_version: 1, project: p, framework: f, database: d, auth: a, cache: c, command: c}", "'x'"),
    ],
)
def test_what_is_no_project_is_refused(tmp_path: Path, text: str | None, said: str) -> None:
    if text is not None:
        (tmp_path / ".scaffold.yml").write_text(text)
    with pytest.raises(ScaffoldError, match=said):
        Project.load(tmp_path)


def test_progress_is_what_was_said_last_on_either_stream(tmp_path: Path) -> None:
    code = (
        "import sys, time\nprint('WARNING: old', file=sys.stderr, flush=True)\ntime.sleep(1.2)\n"
        "print('[INFO] compiling', flush=True)\ntime.sleep(1.2)"
    )
    said: list[str] = []
    run([sys.executable, "-c", code], environment={}, folder=tmp_path, timeout=60, tick=said.append)
    assert list(dict.fromkeys(filter(None, said))) == ["WARNING: old", "[INFO] compiling"]
