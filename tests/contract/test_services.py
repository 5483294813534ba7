"""What cases may do to servers and services, and that everything is put back."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.contract.cookies import CookieJar
from generator.contract.raw import answered
from generator.contract.report import score
from tests.contract.conftest import Outcome, World

CASES = """
import os, time

def ready(client):
    return client.get("/ready").status_code

@case("cache.is-stopped-and-left", points=1, reason="Leaves it stopped.", needs=("cache",))
def test_stop(api, cache):
    cache.stop()
    assert ready(api) == 503

@case("cache.is-there-again", points=1, reason="The next case has it back.", needs=("cache",))
def test_again(api, cache):
    assert ready(api) == 200
    cache.stop()
    cache.start()
    assert ready(api) == 200

@case("cache.is-paused-and-left", points=1, reason="Leaves it frozen.", needs=("cache",))
def test_pause(api, cache):
    cache.pause()
    assert ready(api) == 503

@case("cache.answers-again", points=1, reason="The next case has it thawed.")
def test_thawed(api):
    assert ready(api) == 200

@case("server.boots-beside", points=1, reason="A server of its own.", needs=("process",))
def test_boot(server, boot):
    with boot({"GREETING": "hello"}) as other:
        assert (other.url, other.pid) != (server.url, server.pid)
        assert other.public_url == other.url
        told = other.client().get("/environment").json()
        mine = server.client().get("/environment").json()
        assert told["GREETING"] == "hello" and "GREETING" not in mine
        assert told["DATABASE_URL"] == mine["DATABASE_URL"]
        assert server.pid == server.client().get("/things").json()["pid"]
        assert any("listening" in line for line in other.stdout_lines())
        other.terminate()
        assert other.wait(5) == 0
    with boot() as other:
        other.kill()
        assert other.wait(5) == -9

@case("server.boots-fresh", points=1, reason="With a database of its own.", needs=("process",))
def test_fresh(server, boot):
    with boot(fresh=True) as other:
        told, mine = (each.client().get("/environment").json() for each in (other, server))
        assert told["DATABASE_URL"] != mine["DATABASE_URL"]
        assert told["CACHE_URL"] != mine["CACHE_URL"]

@case("server.boots-before-its-cache", points=1, reason="Not ready, but there.", needs=("process", "cache"))
def test_early(boot, cache):
    cache.stop()
    with boot(ready=False) as other:
        assert ready(other.client()) == 503
        cache.start()
        assert ready(other.client()) == 200

@case("server.refuses", points=1, reason="Ends with a word.", needs=("process",))
def test_refuses(boot_refused):
    code, output = boot_refused({"SECRET_KEY": None})
    assert code == 1 and "SECRET_KEY: missing" in output

@case("server.does-not-refuse", points=1, reason="This one starts, so the case fails.", needs=("process",))
def test_does_not(boot_refused):
    boot_refused({}, timeout=1)

@case("server.production-cookies", points=1, reason="Sent over loopback.", auth=("session",), needs=("process",))
def test_production(boot):
    with boot({"APP_ENV": "production"}) as other:
        ann = other.as_user("ann")
        assert "secure" in ann.cookies.cookie("__Host-session").attributes
        assert ann.get("/things").json()["user"] == "ann"
"""


@pytest.fixture(scope="module")
def outcome(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """One check of a project with sessions and a cache server."""
    world = World(package, tmp_path_factory.mktemp("services"))
    world.contract(CASES)
    return world.check(str(world.project("toy", auth="session", cache="redis")), "--json")


def test_only_the_case_that_must_fail_failed(outcome: Outcome) -> None:
    assert outcome.code == 1, outcome.err
    failed = {name: case["message"] for name, case in outcome.cases.items() if case["outcome"] != "passed"}
    assert list(failed) == ["server.does-not-refuse"], failed
    assert "although it should have refused" in failed["server.does-not-refuse"]


@pytest.mark.parametrize(
    ("passed", "applicable", "expected"),
    [(0, 0, 0), (0, 9, 0), (2, 3, 66.7), (1999, 2000, 99.9), (9999, 10000, 99.9), (7, 7, 100)],
)
def test_100_only_when_all_passed(passed: int, applicable: int, expected: float) -> None:
    assert score(passed, applicable) == expected


def test_the_cookie_jar_keeps_paths_and_ends_but_not_secure() -> None:
    jar = CookieJar()
    jar.take(["__Host-session=a=b; Path=/; Secure; HttpOnly", "csrf_token=t; SameSite=Lax", "api=1; Path=/api"])
    assert jar.header("/links") == "__Host-session=a=b; csrf_token=t"
    assert jar.header("/api/v1") == "__Host-session=a=b; csrf_token=t; api=1"
    assert jar.header("/apis") == jar.header("/links")
    jar.take(["__Host-session=; Max-Age=0", "csrf_token=; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "api=2; Max-Age=60"])
    assert dict(jar) == {"api": "2"}


@pytest.mark.parametrize(
    ("received", "head", "whole"),
    [
        (b"", False, False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na", False, False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab", False, True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", True, True),
        (b"HTTP/1.1 304 Not Modified\r\n\r\n", False, True),
        (b"HTTP/1.1 100 Continue\r\n\r\n", False, False),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n", False, True),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n", False, False),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", False, True),
        (b"HTTP/1.1 200 OK\r\n\r\nuntil the end", False, False),
    ],
)
def test_a_whole_answer_is_recognised(received: bytes, head: bool, whole: bool) -> None:
    assert answered(received, head=head) is whole
