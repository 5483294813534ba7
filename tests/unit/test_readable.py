"""A server's log for people: short lines, tracebacks, and nothing that moves a cursor."""

from __future__ import annotations

import json
from typing import Any

import pytest

from generator.runtime.readable import Readable

TIME = {"time": "2026-01-02T03:04:05"}
REQUEST = {**TIME, "level": "info", "message": "request", "method": "POST", "path": "/api/v1/links", "status": 201}


def line(readable: Readable | None = None, /, **entry: Any) -> str:
    return (readable or Readable())(json.dumps(entry))


def test_a_request_is_method_path_status_and_time() -> None:
    assert line(**REQUEST, durationMs=12.34) == "03:04:05 POST   /api/v1/links 201 12 ms"
    assert line(**REQUEST, durationMs=1.26) == "03:04:05 POST   /api/v1/links 201 1.3 ms"
    assert line(**REQUEST) == "03:04:05 POST   /api/v1/links 201"


def test_colours_that_another_program_left_open_hide_no_entry() -> None:
    assert Readable()("\x1b[0m\x1b[0m" + json.dumps(REQUEST)) == "03:04:05 POST   /api/v1/links 201"


def test_other_lines_keep_their_words_and_what_belongs_to_them() -> None:
    assert line(**TIME, level="info", message="listening", port=3000, pid=7) == "03:04:05 listening port=3000"
    assert line(**TIME, level="WARN", message="cache is gone") == "03:04:05 WARN cache is gone"
    assert line(**TIME, message="x", token="a" * 99).endswith("…")


@pytest.mark.parametrize(
    "entry",
    [
        {"err": {"type": "TypeError", "message": "no", "stack": "TypeError: no\n    at links.ts:3:5"}},
        {"error": "TypeError: no\n    at links.ts:3:5"},
        {"stack_trace": "TypeError: no\n    at links.ts:3:5"},
    ],
    ids=["Express", "FastAPI and Spring Boot", "Logstash"],
)
def test_an_error_has_its_traceback_below_it(entry: dict[str, Any]) -> None:
    shown = line(**TIME, level="error", message="unhandled", **entry)
    assert shown == "03:04:05 ERROR unhandled\n    TypeError: no\n        at links.ts:3:5"


def test_an_error_without_a_traceback_has_its_words() -> None:
    assert line(**TIME, level="error", message="m", err={"type": "E", "message": "why"}).endswith("\n    E: why")


@pytest.mark.parametrize("text", ["listening", "{not json", '{"no": "message"}', "[1]", "", "    at x (y.ts:1:2)"])
def test_what_is_no_entry_stays_as_it_is(text: str) -> None:
    assert Readable()(text) == text


def test_nothing_moves_the_cursor() -> None:
    evil = "/\x1b[2J\x07\r\n\u202e"
    shown = line(**{**REQUEST, "path": evil}) + line(**TIME, message=evil, **{evil: evil}) + Readable()(f"raw {evil}")
    assert shown.isprintable()
    assert "\\x1b" in shown


def test_a_path_is_cut_to_the_width_of_the_terminal() -> None:
    shown = line(Readable(width=40), **{**REQUEST, "path": "/" + "a" * 99}, durationMs=3.0)
    assert shown.startswith("03:04:05 POST   /aaa")
    assert shown.endswith("… 201 3.0 ms")
    assert len(shown) == 40


def test_colours_mark_the_status_and_step_back_from_libraries() -> None:
    coloured = Readable(colours=True)
    assert "\x1b[32m201\x1b[0m" in line(coloured, **REQUEST)
    assert "\x1b[31m500\x1b[0m" in line(coloured, **{**REQUEST, "status": 500})
    stack = "Error: x\n    at ours (src/links.ts:1:1)\n    at Layer (/p/node_modules/router/index.js:2:2)"
    ours, theirs = line(coloured, **TIME, message="m", err={"stack": stack}).splitlines()[-2:]
    assert "\x1b" not in ours
    assert theirs.strip().startswith("\x1b[2m")
