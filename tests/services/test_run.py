"""``scaffold run`` from outside: what it prints, what it keeps, how it ends."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from generator.project import Project
from generator.runtime.example import example_request
from generator.runtime.settings import adapted_public_url, make_settings, reachable, read_settings
from generator.services.ports import HOST, answers, free_port
from tests.services.wire import alive, holds, read, write

ROOT = Path(__file__).parents[2]
MANIFEST = """\
scaffold_version: 0.1.0
idea: url-shortener
project: toy
framework: express
database: {database}
auth: none
cache: {cache}
command: scaffold new
"""
# With byte-code a process starts twice as fast, and there are many of them.
FAST = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
Start = Callable[..., "subprocess.Popen[str]"]


def make_project(folder: Path, database: str = "sqlite", cache: str = "memory", settings: str = "") -> Path:
    (folder / ".scaffold.yml").write_text(MANIFEST.format(database=database, cache=cache))
    (folder / ".env").write_text(f"SECRET_KEY=x\nPORT={free_port()}\nDATABASE_URL=sqlite:///./app.db\n{settings}")
    return folder


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts ``scaffold run``; ends what a test left running."""
    started = []

    def begin(*arguments: str | Path, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.services.toy_cli", "run", *map(str, arguments)],
            cwd=ROOT,
            env={**FAST, "SECRET_KEY": "x", **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def ready(process: subprocess.Popen[str]) -> dict[str, object]:
    """The JSON it prints."""
    assert process.stdout is not None
    assert process.stderr is not None
    line = process.stdout.readline()
    return json.loads(line) if line else pytest.fail(process.stderr.read())


def get(url: object) -> dict[str, str]:
    with urllib.request.urlopen(str(url), timeout=30) as answer:
        return json.load(answer)


def test_it_says_where_it_runs_and_what_to_try(tmp_path: Path, start: Start) -> None:
    process = start(make_project(tmp_path))
    assert process.stdout is not None
    lines: list[str] = []
    while not any("try" in line for line in lines):
        lines.append(process.stdout.readline())
    said = "".join(lines)
    port = read_settings(tmp_path / ".env")["PORT"]
    assert said.startswith("listening\n"), "the server's own output is shown"
    assert f"toy runs on http://127.0.0.1:{port}" in said
    assert f"curl -i http://127.0.0.1:{port}/api/v1/links -H 'Content-Type: application/json' -d" in said
    assert get(f"http://127.0.0.1:{port}")["APP_ENV"] == "development"


@pytest.mark.parametrize(("number", "code"), [("SIGINT", 130), ("SIGTERM", 0), ("SIGHUP", 0)])
def test_it_ends_with_everything(number: str, code: int, tmp_path: Path, start: Start) -> None:
    process = start(make_project(tmp_path, cache="redis", settings="CACHE_URL=redis://127.0.0.1:1/0"), "--json")
    facts = ready(process)
    cache = facts["cache"]
    assert isinstance(cache, dict)
    assert cache["provided"]
    assert cache["runsOn"].startswith("Valkey")
    assert get(facts["url"])["CACHE_URL"] == cache["url"]
    process.send_signal(signal.Signals[number])
    assert process.wait(10) == code
    assert not alive(int(str(facts["pid"])))
    assert not answers(HOST, int(cache["url"].split(":")[2].split("/")[0]))


def test_a_server_that_crashes_is_reported(tmp_path: Path, start: Start) -> None:
    process = start(make_project(tmp_path), "--json")
    os.kill(int(str(ready(process)["pid"])), signal.SIGKILL)
    assert process.wait(10) == 1
    assert process.stderr is not None
    assert "ended with exit code -9; its output is in" in process.stderr.read()
    assert (tmp_path / ".scaffold" / "server.log").read_text().startswith("listening")


def test_a_server_that_ends_well_by_itself_is_no_failure(tmp_path: Path, start: Start) -> None:
    process = start(make_project(tmp_path), "--json")
    os.kill(int(str(ready(process)["pid"])), signal.SIGTERM)
    assert process.wait(10) == 0


def test_a_server_that_refuses_to_start_is_a_crash(tmp_path: Path, start: Start) -> None:
    process = start(make_project(tmp_path), "--json", SECRET_KEY="")
    assert process.wait(20) == 1
    assert process.stderr is not None
    assert "SECRET_KEY is missing" in process.stderr.read().splitlines()[-1]


@pytest.mark.parametrize("database", ["postgresql", "mongodb"])
def test_a_provided_database_keeps_its_data(database: str, open_folder: Path, start: Start) -> None:
    make_project(open_folder, database=database, settings=f"DATABASE_URL={database}://127.0.0.1:1/app")
    for kept in ([], ["first"]):
        process = start(open_folder, "--json")
        facts = ready(process)["database"]
        assert isinstance(facts, dict)
        assert read(facts["url"]) == kept
        write(facts["url"], "first")
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    assert list((open_folder / ".scaffold").glob(f"{database}*"))


def test_a_given_database_is_used_as_it_is(tmp_path: Path, start: Start) -> None:
    make_project(tmp_path, database="postgresql")
    facts = ready(start(tmp_path, "--json", DATABASE_URL="postgresql://me@127.0.0.1:1/mine"))["database"]
    assert isinstance(facts, dict)
    assert facts["url"] == "postgresql://me@127.0.0.1:1/mine"
    assert not facts["provided"]


def test_a_database_that_answers_is_not_replaced(tmp_path: Path, start: Start) -> None:
    with socket.create_server((HOST, 0)) as listener:
        url = f"mongodb://127.0.0.1:{listener.getsockname()[1]}/app"
        make_project(tmp_path, database="mongodb", settings=f"DATABASE_URL={url}")
        facts = ready(start(tmp_path, "--json"))["database"]
    assert isinstance(facts, dict)
    assert facts["url"] == url


def test_a_taken_port_is_avoided_unless_it_was_asked_for(tmp_path: Path, start: Start) -> None:
    make_project(tmp_path, settings="PUBLIC_URL=http://127.0.0.1:3000")
    with socket.create_server((HOST, 0)) as listener:
        taken = str(listener.getsockname()[1])
        facts = ready(start(tmp_path, "--json", PORT=taken))
        assert not str(facts["url"]).endswith(taken)
        assert get(facts["url"])["PUBLIC_URL"] == facts["url"] == facts["publicUrl"]
        refused = start(tmp_path, "--port", taken)
        out, err = refused.communicate(timeout=60)
    assert (refused.returncode, out) == (2, "")
    assert err.splitlines() == [
        f"scaffold: Port {taken} of 127.0.0.1 is taken. Choose another with --port, or leave it out."
    ]


@pytest.mark.parametrize("database", ["mongodb"])
def test_a_second_run_of_one_project_is_refused_before_it_touches_the_data(
    tmp_path: Path, start: Start, database: str
) -> None:
    make_project(tmp_path, database=database)
    (tmp_path / ".env").write_text(f"SECRET_KEY=x\nPORT={free_port()}\n")
    first = start(tmp_path, "--json")
    ready(first)
    second = start(tmp_path, "--json")
    out, err = second.communicate(timeout=60)
    assert (second.returncode, out) == (2, "")
    assert "toy is running already, and its mongodb server with it. End the other 'scaffold run'" in err
    assert alive(first.pid)


def test_a_project_of_another_version_is_run_and_said(tmp_path: Path, start: Start) -> None:
    make_project(tmp_path)
    manifest = tmp_path / ".scaffold.yml"
    manifest.write_text(manifest.read_text().replace("0.1.0", "99.0.0"))
    process = start(tmp_path, "--json")
    ready(process)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=60)
    assert "toy was made by scaffold 99.0.0; this is " in err


def test_two_runs_begun_at_once_do_not_take_each_other_for_themselves(tmp_path: Path, start: Start) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    port = str(free_port())
    projects = [make_project(tmp_path / name, settings=f"NAME={name}\n") for name in ("one", "two")]
    both = [ready(process) for process in [start(project, "--json", PORT=port) for project in projects]]
    assert both[0]["url"] != both[1]["url"]
    for facts in both:
        assert get(facts["url"])["PORT"] == str(facts["url"]).rpartition(":")[2]


def test_a_port_that_is_taken_while_it_prepares_is_avoided_too(tmp_path: Path, start: Start) -> None:
    make_project(tmp_path)
    port = int(read_settings(tmp_path / ".env")["PORT"])
    process = start(tmp_path, "--json", MIGRATE_FOR="1")
    while not (tmp_path / "migrating").exists():
        assert process.poll() is None
    with socket.create_server((HOST, port)):
        facts = ready(process)
    assert facts["url"] != f"http://{HOST}:{port}"
    assert get(facts["url"])["PORT"] == str(facts["url"]).rpartition(":")[2]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["nowhere"], "not a generated project"), ([".", "--port", "0"], "--port"), (["--hoot"], "--hoot")],
)
def test_wrong_use_is_one_line_and_code_2(arguments: list[str], said: str, start: Start) -> None:
    process = start(*arguments)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, len(err.splitlines())) == (2, "", 1)
    assert said in err


def test_a_failing_seed_names_the_reason_and_the_log(tmp_path: Path, start: Start) -> None:
    process = start(make_project(tmp_path), "--seed")
    _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    log = tmp_path / ".scaffold" / "seed.log"
    assert err.splitlines()[-1].endswith(f"with exit code 1: ValueError: no seed. All it said is in {log}.")
    assert log.read_text() == "noise\n\nValueError: no seed\n"


@pytest.mark.parametrize("state", ["new", "committed", "ignored", "no repository"])
def test_a_lock_file_that_nobody_committed_is_named(state: str, tmp_path: Path, start: Start) -> None:
    project = make_project(tmp_path)
    (project / "uv.lock").write_text("version = 1\n")
    git = ["git", "-C", str(project), "-c", "user.name=Ann", "-c", "user.email=ann@example.com"]
    if state != "no repository":
        subprocess.run([*git, "init", "--quiet"], check=True)
    if state == "committed":
        subprocess.run([*git, "add", "uv.lock"], check=True)
        subprocess.run([*git, "commit", "--quiet", "--message", "Lock"], check=True)
    if state == "ignored":
        (project / ".gitignore").write_text("*.lock\n")

    process = start(project, "--json")
    ready(process)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)

    told = "Commit uv.lock, so that every clone installs the same versions" in err
    assert told == (state == "new")


def test_installing_can_be_left_out(tmp_path: Path, start: Start) -> None:
    make_project(tmp_path)
    ready(start(tmp_path, "--json", "--no-install"))
    assert not (tmp_path / "installed.txt").exists()
    ready(start(tmp_path, "--json"))
    assert (tmp_path / "installed.txt").exists()


def test_ctrl_c_while_a_command_runs_ends_it(tmp_path: Path, start: Start) -> None:
    process = start(make_project(tmp_path), MIGRATE_FOR="60")
    assert holds(lambda: (tmp_path / "migrating").exists())
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == 130
    assert not alive(int((tmp_path / "migrating").read_text()))


def test_settings_are_read_as_servers_read_them(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("# A=1\nB = two # comment\nexport C='three # four'\nD=\"five\"\nE=\nF=a#b\nnonsense\n")
    assert read_settings(file) == {"B": "two", "C": "three # four", "D": "five", "E": "", "F": "a#b"}
    assert read_settings(tmp_path / "none") == {}


def test_a_cloned_project_gets_settings_with_a_secret_of_its_own(tmp_path: Path) -> None:
    (tmp_path / ".env.example").write_text("A=1\nSECRET_KEY=change-me-please\n")
    assert make_settings(tmp_path)
    assert not make_settings(tmp_path)
    settings = read_settings(tmp_path / ".env")
    assert settings["A"] == "1"
    assert len(settings["SECRET_KEY"]) == 64


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("http://127.0.0.1:3000", "http://127.0.0.1:8080"),
        ("http://localhost:3000", "http://127.0.0.1:8080"),
        ("http://localhost:8080", None),
        ("https://sho.rt", None),
        ("", "http://127.0.0.1:8080"),
        ("http://[", "http://127.0.0.1:8080"),
    ],
)
def test_public_url_follows_the_port_on_loopback_only(given: str, expected: str | None) -> None:
    assert adapted_public_url({"PUBLIC_URL": given}, "127.0.0.1", 8080) == expected


def test_what_cannot_be_looked_at_counts_as_reachable() -> None:
    assert reachable("sqlite:///./app.db")
    assert reachable("mongodb+srv://cluster.example/app")
    assert reachable("http://[")
    assert not reachable("postgresql://app:app@127.0.0.1:1/app")


def test_an_address_that_is_not_ours_is_refused(tmp_path: Path, start: Start) -> None:
    process = start(make_project(tmp_path), "--host", "192.0.2.1")
    _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "Nothing can listen on port" in err


JSON = "-H 'Content-Type: application/json' -d"
PERSON = """'{"email": "ann@example.com", "password": "correct horse battery\""""
CSRF = """JAR=$(mktemp); curl -s -o /dev/null -c "$JAR" http://h/api/v1/auth/csrf; """
WITH_TOKEN = """curl -i -b "$JAR" -c "$JAR" -H "X-CSRF-Token: $(awk '$6 == "csrf_token" {print $7}' "$JAR")\""""


@pytest.mark.parametrize(
    ("auth", "seeded", "expected"),
    [
        ("none", False, f"""curl -i http://h/api/v1/links {JSON} '{{"url": """),
        ("none", True, f"""curl -i http://h/api/v1/links {JSON} '{{"url": """),
        ("jwt", False, f"curl -i http://h/api/v1/auth/signup {JSON} {PERSON}, "),
        ("jwt", True, f"curl -i http://h/api/v1/auth/login {JSON} {PERSON}}}'"),
        ("session", False, f"{CSRF}{WITH_TOKEN} http://h/api/v1/auth/signup {JSON} {PERSON}, "),
        ("session", True, f"{CSRF}{WITH_TOKEN} http://h/api/v1/auth/login {JSON} {PERSON}}}'"),
    ],
)
def test_the_example_fits_the_sign_in(auth: str, seeded: bool, expected: str, toy: Project) -> None:
    project = dataclasses.replace(toy, choices={**toy.choices, "auth": auth})

    assert example_request(project, "http://h", seeded=seeded).startswith(expected)
