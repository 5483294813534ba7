"""What is made of failures: their causes, their places, and lines for a screen."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from generator.contract.causes import Cause, Explainer
from generator.contract.exchange import Exchange
from generator.contract.operations import Operations
from generator.contract.report import FAILED, CaseResult, Report
from generator.contract.screen import print_end, wrapped
from generator.contract.serverlog import ServerLog
from generator.contract.sources import SourceFiles

DOCUMENT = {
    "paths": {
        "/things": {
            "post": {"responses": {"201": {"content": {"application/json": {"schema": {"$ref": "#/thing"}}}}}},
            "get": {"responses": {"200": {}}},
        },
        "/things/{id}": {"get": {"responses": {"200": {}, "default": {}}}},
    },
    "thing": {
        "type": "object",
        "additionalProperties": False,
        "required": ["id", "shortName"],
        "properties": {"id": {}, "shortName": {}},
    },
}
ROUTES = """
import { Router } from "express";
import * as service from "./things.service.ts";

export const router = Router();

router
  .route("/things")
  .post(async (req, res) => {
    const thing = await service.create(req.body);
    res.status(201).json(thing);
  })
  .get(async (req, res) => {
    res.json(await service.list());
  });

router.get("/things/:id", async (req, res) => {
  res.json(await service.find(req.params.id));
});
"""
SERVICE = """
export async function create(body) {
  return { id: 1, short_name: body.name };
}

export const find = (id) => all[id].value;
"""
PYTHON = '''
from fastapi import APIRouter

router = APIRouter(prefix="/things")


@router.post(
    "", status_code=201
)
async def create_thing(body: dict) -> dict:
    """Make one."""
    return store(body)


def store(body: dict) -> dict:
    return {"id": 1, "short_name": body["name"]}
'''


def failed(case_id: str, message: str, *exchanges: Exchange, at: float = 100.0) -> CaseResult:
    return CaseResult(case_id, 1, FAILED, "The rule.", message, 1.0, exchanges, at)


def explain(tmp_path: Path, cases: Sequence[CaseResult], log: str = "", **files: str) -> tuple[Cause, ...]:
    for name, text in {"routes.ts": ROUTES, "things.service.ts": SERVICE, **files}.items():
        (tmp_path / name).write_text(text, "utf-8")
    output = tmp_path / "server-1.stdout"
    output.write_text(log, "utf-8")
    sources = SourceFiles(tmp_path)
    return Explainer(Operations([DOCUMENT]), ServerLog([output], sources), sources).causes(cases)


@pytest.mark.parametrize("language", ["node", "python"])
def test_one_exception_behind_many_cases_is_one_cause(tmp_path: Path, language: str) -> None:
    def entry(number: int) -> str:
        if language == "node":
            stack = f"TypeError: x is undefined\n    at find (file://{tmp_path.resolve()}/things.service.ts:6:30)"
            return json.dumps({"level": "error", "requestId": f"r{number}", "err": {"stack": stack}, "message": "m"})
        trace = (
            f'Traceback (most recent call last):\n  File "{tmp_path.resolve()}/things.service.ts", line 6, in find\n'
            "    x.y\nTypeError: x is undefined"
        )
        return json.dumps({"level": "ERROR", "requestId": f"r{number}", "exc_info": trace, "message": "m"})

    cases = [
        failed(f"a.b{n}", "assert 500 == 200", Exchange("GET", f"/things/{n}", 500, f"r{n}"), at=100 + n)
        for n in range(21)
    ]
    (cause,) = explain(tmp_path, cases, "\n".join(map(entry, range(21))))
    assert (cause.kind, cause.title, len(cause.cases)) == ("exception", "TypeError: x is undefined", 21)
    assert str(cause.place) == "things.service.ts:6"
    assert str(tmp_path) not in cause.trace


def test_what_the_server_lacks_is_said_once(tmp_path: Path) -> None:
    cases = [failed(f"a.b{n}", "assert 404 == 201", Exchange("POST", "/things", 404)) for n in range(3)]
    (cause,) = explain(tmp_path, cases)
    assert (cause.kind, cause.title) == ("missing", "nothing at POST /things: 404")


def test_a_case_that_follows_from_a_wrong_status_says_the_status(tmp_path: Path) -> None:
    wrong = Exchange("POST", "/things", 200, at=1.0)
    other = Exchange("GET", "/things/1", 404, at=2.0)
    cases = [
        failed("a.first", "assert 200 == 201", wrong),
        failed("a.second", "still 404 more than 5 s after", wrong, other),
    ]
    (cause,) = explain(tmp_path, cases)
    assert cause.title == "POST /things answers 200, not 201"
    assert cause.cases == ("a.first", "a.second")


def test_a_wrong_status_is_found_in_the_handler(tmp_path: Path) -> None:
    wrong = Exchange("POST", "/things", 202)
    (cause,) = explain(tmp_path, [failed("a.b", "assert 202 == 201", wrong)])
    assert str(cause.place) == "routes.ts:9-12"
    (cause,) = explain(
        tmp_path, [failed("a.b", "assert 202 == 201", wrong)], **{"routes.ts": ROUTES.replace("(201)", "(202)")}
    )
    assert str(cause.place) == "routes.ts:11"


def test_a_wrong_member_is_found_by_its_name(tmp_path: Path) -> None:
    seen = Exchange("POST", "/things", 201, members={"": ["id", "short_name"]})
    (cause,) = explain(tmp_path, [failed("a.b", "KeyError: 'shortName'", seen)])
    assert cause.title == "POST /things answers without shortName and with short_name"
    assert str(cause.place) == "things.service.ts:3"


def test_a_member_that_is_missing_leads_to_the_handler(tmp_path: Path) -> None:
    seen = Exchange("POST", "/things", 201, members={"": ["id"]})
    (cause,) = explain(tmp_path, [failed("a.b", "without shortName", seen)])
    assert cause.title == "POST /things answers without shortName"
    assert str(cause.place) == "routes.ts:9-12"


def test_members_are_not_blamed_for_what_has_nothing_to_do_with_them(tmp_path: Path) -> None:
    seen = Exchange("POST", "/things", 201, members={"": ["id", "short_name"]})
    (cause,) = explain(tmp_path, [failed("a.b", "expected 404, got 200", seen, Exchange("GET", "/things/1", 200))])
    assert cause.kind == "rule"
    assert str(cause.place) == "routes.ts:17-19"
    assert [str(place) for place in cause.trail] == ["things.service.ts:6"]


def test_a_server_that_hangs_is_blamed_on_the_first_request(tmp_path: Path) -> None:
    cases = [
        failed("a.first", "timed out", Exchange("GET", "/things/1", 0, at=1.0)),
        failed("a.second", "timed out", Exchange("POST", "/things", 0, at=6.0)),
    ]
    (cause,) = explain(tmp_path, cases)
    assert cause.title == "GET /things/{id} got no answer"
    assert len(cause.cases) == 2


def test_a_name_that_the_database_does_not_know_leads_to_the_migrations(tmp_path: Path) -> None:
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations/0001.py").write_text('create_table(\n    "things",\n    Column("expiry_at"),\n)\n', "utf-8")
    trace = f'Traceback (most recent call last):\n  File "{tmp_path.resolve()}/app.py", line 1, in f\n    x\n'
    entry = {
        "requestId": "r1",
        "exc_info": f"{trace}OperationalError: table things has no column named expires_at",
        "message": "m",
    }
    case = failed("a.b", "assert 500 == 201", Exchange("POST", "/things", 500, "r1"))
    (cause,) = explain(tmp_path, [case], json.dumps(entry), **{"app.py": "x\n"})
    assert str(cause.place) == "migrations/0001.py:3"
    assert [str(place) for place in cause.trail] == ["app.py:1"]


def test_python_handlers_are_found_over_several_lines(tmp_path: Path) -> None:
    (tmp_path / "router.py").write_text(PYTHON, "utf-8")
    sources = SourceFiles(tmp_path)
    handler = sources.handler("POST", "/things")
    assert str(handler) == "router.py:7-12"
    assert handler is not None
    assert [place.name for place in sources.trail(handler)[1:]] == ["store"]


def test_java_handlers_are_found(tmp_path: Path) -> None:
    (tmp_path / "ThingController.java").write_text(
        '@RequestMapping("/things")\nclass ThingController {\n    @GetMapping("/{id}")\n'
        "    Thing read(@PathVariable String id) {\n        return service.find(id);\n    }\n}\n",
        "utf-8",
    )
    assert str(SourceFiles(tmp_path).handler("GET", "/things/{id}")) == "ThingController.java:3-6"


def test_an_unknown_server_has_no_places() -> None:
    (cause,) = Explainer(Operations([DOCUMENT])).causes([failed("a.b", "no", Exchange("GET", "/things", 500))])
    assert (cause.place, cause.trace) == (None, "")


def screen(report: Report, width: int) -> list[str]:
    out = StringIO()
    print_end(report, Console(file=out, width=width, force_terminal=True, no_color=True, color_system=None))
    return out.getvalue().splitlines()


@pytest.mark.parametrize("width", [80, 40])
@pytest.mark.parametrize("number", [1, 2, 40])
def test_the_last_screen_holds_the_causes_and_the_command(tmp_path: Path, width: int, number: int) -> None:
    cases = [
        failed(
            f"some.rather-long-id-of-case-number-{n}",
            f"rule {'x' * (n + 1)}: expected 404, got 200",
            Exchange("GET", "/things/1", 200, sent='{"a":"b"}', seen='{"url":"https://example.com/'.ljust(300, "a")),
        )
        for n in range(number)
    ]
    report = Report(
        "toy", "my-toy", tuple(cases), explain(tmp_path, cases), again="scaffold check my-toy --last-failed"
    )
    lines = screen(report, width)
    assert all(len(line) <= width for line in lines), max(lines, key=len)
    last = lines[-23:]
    assert last[-1] == "  scaffold check my-toy --last-failed"
    assert any(line.startswith("Score 0%") for line in last)
    assert any("routes.ts:17-19" in line for line in last)
    assert number < 40 or any("more causes" in line for line in last)


def test_a_lost_run_has_no_score() -> None:
    report = Report("toy", "my-toy", (), lost="The process was ended.")
    assert screen(report, 80) == ["The process was ended."]
    assert (report.exit_code, report.score) == (2, None)
    assert replace(report, lost="", interrupted=True).exit_code == 130


def test_long_words_keep_their_telling_end() -> None:
    assert wrapped("at src/features/links/a-very-long-name.service.ts:10", 24)[-1].endswith("service.ts:10")
    assert wrapped("one two three", 16, "  at  ") == ["  at  one two", "      three"]


REFUSING = """
import { Router } from "express";
import * as service from "./things.service.ts";

router.get("/things/:id", async (req, res) => {
  const thing = await service.find(req.params.id);
  if (!thing) throw createError(404, "There is none.");
  if (thing.old) throw createError(404, "It is gone for good.");
  res.set("Location", `/api/things/${thing.name}`).json(thing);
});
"""


def test_the_words_of_a_refusal_lead_to_the_line_that_says_them(tmp_path: Path) -> None:
    refused = Exchange(
        "GET", "/things/1", 404, seen='{"title":"Not Found","status":404,"detail":"It is gone for good."}'
    )
    cases = [failed(f"a.b{n}", f"{word}: expected 410, got 404 {{}}", refused) for n, word in enumerate("xyz")]
    (cause,) = explain(tmp_path, cases, **{"routes.ts": REFUSING})
    assert (str(cause.place), len(cause.cases)) == ("routes.ts:8", 3)


def test_words_that_are_right_are_not_blamed(tmp_path: Path) -> None:
    refused = Exchange("GET", "/things/1", 404, seen='{"detail":"It is gone for good."}')
    (cause,) = explain(tmp_path, [failed("a.b", "no ETag", refused)], **{"routes.ts": REFUSING})
    assert str(cause.place) == "routes.ts:5-10"


@pytest.mark.parametrize(
    ("message", "place"),
    [
        ("assert '/api/things/blue' == '/api/things/7'", "routes.ts:9"),
        ("assert '/other/things/blue' == '/api/things/7'", "routes.ts:5-10"),
    ],
)
def test_a_wrong_value_leads_to_the_line_that_makes_it(tmp_path: Path, message: str, place: str) -> None:
    (cause,) = explain(tmp_path, [failed("a.b", message, Exchange("GET", "/things/1", 200))], **{"routes.ts": REFUSING})
    assert str(cause.place) == place


def test_a_member_that_was_sent_leads_to_what_it_must_look_like(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "store").mkdir()
    files = {
        "schemas.py": "from shared.times import to_utc\n\nWhen = Annotated[datetime, AfterValidator(to_utc)]\n\n\n"
        "class Thing(Model):\n    ends_at: When\n",
        "shared/times.py": "def to_utc(value):\n    return value.replace(tzinfo=UTC)\n",
        "store/models.py": "class Row:\n    ends_at: Mapped[datetime] = mapped_column(\n        index=True\n    )\n",
        "router.py": PYTHON,
    }
    sent = Exchange("POST", "/things", 201, sent='{"name":"a thing","endsAt":"2040-06-01T12:00:00+02:00"}')
    case = failed("a.b", "2040-06-01T12:00:00+02:00\nassert '12:00Z' == '10:00Z'", sent)
    (cause,) = explain(tmp_path, [case], **files)
    assert str(cause.place) == "schemas.py:7"
    assert "shared/times.py:1-2" in map(str, cause.trail)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("if (!store.read(id)) return undefined;", "service.ts:7 'store.read' is called without await"),
        ("const thing = read(id);", "service.ts:7 'read' is called without await"),
        ("if (!(await store.read(id))) return undefined;", ""),
        ("return store.read(id);", ""),
        ("list.find((one) => one.id === id);", ""),
        ("store.read(id).catch(() => null);", ""),
    ],
)
def test_a_call_that_is_not_waited_for_is_told(tmp_path: Path, line: str, told: str) -> None:
    service = (
        'import * as store from "./store.ts";\n\n'
        "export async function read(id) {\n  return await store.read(id);\n}\n"
        f"export async function find(id) {{\n  {line}\n  return all[id];\n}}\n"
    )
    routes = ROUTES.replace("./things.service.ts", "./service.ts")
    (cause,) = explain(
        tmp_path,
        [failed("a.b", "expected 404, got 200", Exchange("GET", "/things/1", 200))],
        **{"routes.ts": routes, "service.ts": service, "things.service.ts": ""},
    )
    assert cause.hint == told


def test_a_mistake_in_the_background_is_the_cause_of_what_fails_meanwhile(tmp_path: Path) -> None:
    trace = f'Traceback (most recent call last):\n  File "{tmp_path.resolve()}/counter.py", line 1, in flush\n    x.y\n'
    entry = {
        "time": "1970-01-01T00:01:39.5Z",
        "message": "could not be written",
        "exc_info": f"{trace}AttributeError: 'tuple' object has no attribute 'y'",
    }
    cases = [
        failed("a.b", "after 2 s no click is seen", Exchange("GET", "/things/1", 200), at=100),
        failed("a.c", "after 2 s one click is seen", Exchange("GET", "/things/1", 200), at=100),
        failed("a.d", "a rule of quite another time", Exchange("GET", "/things/1", 200), at=500),
    ]
    first, second = explain(tmp_path, cases, json.dumps(entry), **{"counter.py": "x.y\n"})
    assert (first.kind, first.cases, str(first.place)) == ("exception", ("a.b", "a.c"), "counter.py:1")
    assert second.kind == "rule"
    assert second.hint.startswith("counter.py:1 AttributeError")


def test_an_outage_in_the_background_is_no_mistake(tmp_path: Path) -> None:
    trace = f'Traceback (most recent call last):\n  File "{tmp_path.resolve()}/counter.py", line 1, in flush\n    x.y\n'
    entry = {"time": "1970-01-01T00:01:39.5Z", "message": "m", "exc_info": f"{trace}ConnectionRefusedError: no"}
    case = failed("a.b", "after 2 s no click is seen", Exchange("GET", "/things/1", 200), at=100)
    (cause,) = explain(tmp_path, [case], json.dumps(entry), **{"counter.py": "x.y\n"})
    assert (cause.kind, cause.hint) == ("rule", "")


@pytest.mark.parametrize("width", [80, 40])
def test_a_busy_machine_does_not_hide_the_causes(tmp_path: Path, width: int) -> None:
    cases = [
        replace(
            failed(f"a.case-{n}", "expected 404, got 200", Exchange("GET", "/things/1", 200)),
            note="failed while the machine was busy (work waited 98 % of the time), and again when run alone",
        )
        for n in range(9)
    ]
    passed = replace(cases[0], id="a.z", outcome="passed", message="", note="failed once while the machine was busy")
    report = Report("toy", "my-toy", (*cases, passed), explain(tmp_path, cases), again="scaffold check --last-failed")
    last = screen(report, width)[-23:]
    assert any("routes.ts:17-19" in line for line in last)
    text = " ".join(" ".join(last).split())
    assert "9 cases failed while the machine was busy, and again when run alone (see --json)" in text
    assert "1 case passed when run alone, after the machine had been busy (see --json)" in text
