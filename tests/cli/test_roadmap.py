"""``scaffold roadmap``: the steps, one step, JSON, and terminals of any width."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from generator.catalog import Catalog
from generator.roadmap.steps import read_steps
from tests.cli.command import SCAFFOLD, environment, scaffold_inside

STEPS = read_steps(Catalog.load().shared)
IDS = [step.id for step in STEPS]
# What is to be typed or opened stays in one piece, however narrow the terminal is.
IN_ONE_PIECE = re.compile(r"^ *\S+$|scaffold |`[^`]+`|'[^']+'")


def in_terminal(*words: str, cwd: Path, columns: int, **env: str) -> str:
    pexpect = pytest.importorskip("pexpect")
    shown = pexpect.run(
        " ".join([*SCAFFOLD, "roadmap", *words]),
        cwd=str(cwd),
        env=environment(COLUMNS=str(columns), **env),
        encoding="utf-8",
        timeout=60,
    )
    return str(shown).replace("\r\n", "\n")


def test_the_steps_are_listed_with_how_much_is_practised() -> None:
    outcome = scaffold_inside("roadmap")

    assert (outcome.code, outcome.err) == (0, "")
    rows = re.findall(r"^ *(\d+)  (\S+) +.*?  (\d+) of (\d+)$", outcome.out, re.MULTILINE)
    assert [row[1] for row in rows] == IDS
    assert [(int(row[2]), int(row[3])) for row in rows] == [(step.practised, len(step.topics)) for step in STEPS]


@pytest.mark.parametrize("typed", ["caching", "8", "CACHING"])
def test_one_step_says_what_to_learn_run_read_try_and_explain(typed: str) -> None:
    outcome = scaffold_inside("roadmap", typed)

    assert (outcome.code, outcome.err) == (0, "")
    heads = ["Topics", "Afterwards you can explain", "Projects that practise it", "Run", "Read", "Try"]
    heads += ["Contract cases", "Interview questions"]
    assert [line for head in heads for line in outcome.out.splitlines() if line.startswith(head)] == [
        line for line in outcome.out.splitlines() if line.startswith(tuple(heads))
    ]
    for words in ("Not yet. ", "--cache memory or redis", "src/cache.ts", "cache.stopped-redirects-go-on"):
        assert words in outcome.out
    assert outcome.out.endswith(f"Next: scaffold roadmap {IDS[8]}\n")


@pytest.mark.parametrize("step", IDS)
def test_every_step_is_shown(step: str) -> None:
    outcome = scaffold_inside("roadmap", step)

    assert (outcome.code, outcome.err) == (0, "")


def test_the_list_as_json() -> None:
    steps = json.loads(scaffold_inside("roadmap", "--json").out)["steps"]

    assert [(step["number"], step["id"]) for step in steps] == list(enumerate(IDS, 1))
    for step in steps:
        assert step["practised"] == sum(topic["practised"] for topic in step["topics"])
        assert set(step["ideas"]) <= set(Catalog.load().ideas)


def test_a_step_as_json() -> None:
    step = json.loads(scaffold_inside("roadmap", "caching", "--json").out)

    assert step["choices"] == {"cache": ["memory", "redis"]}
    cache = next(file for file in step["files"] if file["hardPart"] == "cache")
    assert {"framework": "express", "path": "src/cache.ts", "test": "tests/cache.test.ts"}.items() <= cache["places"][
        0
    ].items()
    assert {"id": "cache.back-within-10-s", "ideas": ["url-shortener"]}.items() <= next(
        case for case in step["cases"] if case["id"] == "cache.back-within-10-s"
    ).items()
    assert {"text", "frameworks", "ideas", "needs"} == set(step["questions"][0])
    assert {"do", "see"} == set(step["experiments"][0])


@pytest.mark.parametrize(
    ("typed", "meant"), [("cachng", "Did you mean caching? "), ("redis", "Did you mean caching? "), ("15", "")]
)
def test_a_wrong_step_is_refused_in_one_line_that_names_all(typed: str, meant: str) -> None:
    outcome = scaffold_inside("roadmap", typed)

    named = ", ".join(f"{number} {step}" for number, step in enumerate(IDS, 1))
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == f"scaffold: '{typed}' is not a step. {meant}Steps: {named}.\n"


@pytest.mark.parametrize("columns", [40, 80])
@pytest.mark.parametrize("words", [(), ("caching",), ("security",)], ids=lambda words: " ".join(words) or "list")
def test_it_fits_into_a_terminal(tmp_path: Path, columns: int, words: tuple[str, ...]) -> None:
    shown = in_terminal(*words, cwd=tmp_path, columns=columns, NO_COLOR="1")

    assert "\x1b" not in shown
    wide = [line for line in shown.splitlines() if len(line) > columns and not IN_ONE_PIECE.search(line)]
    assert wide == []


def test_a_terminal_gets_colours_unless_they_are_not_wanted(tmp_path: Path) -> None:
    assert "\x1b[" in in_terminal("caching", cwd=tmp_path, columns=80)


def test_a_pipe_gets_every_paragraph_in_one_line() -> None:
    step = next(step for step in STEPS if step.id == "caching")

    assert step.learn in scaffold_inside("roadmap", "caching").out.splitlines()
