"""The road map names nothing that is not there, in any framework, and its page says what is."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import pairwise
from pathlib import Path

import pytest

from generator.catalog import Catalog
from generator.errors import CatalogError, ScaffoldError
from generator.roadmap.practice import Library
from generator.roadmap.steps import Step, find_step, read_steps
from tests.cli.command import scaffold_inside
from tests.roadmap.page import PAGE, page
from tests.templates.conftest import Rendered, combinations

CATALOG = Catalog.load()
LIBRARY = Library(CATALOG)
STEPS = read_steps(CATALOG.shared)
each = pytest.mark.parametrize("step", STEPS, ids=lambda step: step.id)
CODE = re.compile(r"`([^`]+)`")
# A path with a folder and a suffix, or one of the files at the top that every reader knows.
PATH = re.compile(r"[\w.-]+(/[\w.-]+)*/[\w.-]+\.\w+|\.env|Dockerfile|compose\.yaml")
MOST_CASES = 16
EMPTY = "{id: a, title: A, learn: L, explain: [], topics: []}"


def texts(step: Step) -> list[str]:
    """All that a step says in words."""
    return [
        *(step.learn, *step.explain, *step.ideas.values()),
        *(topic.text for topic in step.topics),
        *(command.about for command in step.commands),
        *(file.about for file in step.files),
        *(text for one in step.experiments for text in (one.do, one.see)),
    ]


def typed(step: Step) -> Iterator[list[str]]:
    """The words of every command of ours that a step prints."""
    printed = [command.run for command in step.commands]
    printed += [code for text in texts(step) for code in CODE.findall(text)]
    for command in printed:
        words = shlex.split(command)
        while words and "=" in words[0]:  # settings in front of it
            words.pop(0)
        if words[:1] == ["scaffold"]:
            yield words[1:]


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.roadmap --write"


def test_the_road_has_fourteen_steps() -> None:
    assert [step.number for step in STEPS] == list(range(1, 15))


@each
def test_its_ideas_and_choices_are_offered(step: Step) -> None:
    offered = [CATALOG.idea(idea) for idea in step.ideas]

    assert offered or not step.practised
    for option, choices in step.choices.items():
        for choice in choices:
            assert any(option in idea.options and choice in idea.offered(option, {}) for idea in offered), choice


@each
def test_every_idea_of_a_step_has_something_that_practises_it_in_every_framework(step: Step) -> None:
    practice = LIBRARY.practice(step)

    for idea in step.ideas:
        there = {place.framework for file in practice.files for place in file.places if idea in place.ideas}
        assert there == set(CATALOG.idea(idea).offers), idea


@each
def test_every_hard_part_has_a_place_in_every_framework_that_has_it(step: Step) -> None:
    for part in step.hard_parts:
        having = [edition for edition in LIBRARY.editions(step) if part in edition.hard_parts]
        assert having, part
        for edition in having:
            assert edition.places(part), f"{part} in {edition.idea.id}, {edition.framework}"


@each
def test_every_file_is_named_in_every_framework_and_is_there(step: Step) -> None:
    frameworks = {edition.framework for edition in LIBRARY.editions(step)}
    for file in step.files:
        assert set(file.paths) == frameworks, f"{file.about}: name it in each framework, or write null"
        for framework, patterns in file.paths.items():
            paths = [
                path for edition in LIBRARY.editions(step) if edition.framework == framework for path in edition.files
            ]
            for pattern in patterns:
                assert any(fnmatchcase(path, pattern) for path in paths), f"{pattern} in {framework}"


@each
def test_every_pattern_of_cases_matches_and_they_are_few_enough_to_read(step: Step) -> None:
    found = LIBRARY.practice(step).cases

    assert len(found) <= MOST_CASES
    unmatched = [pattern for pattern in step.cases if not any(fnmatchcase(one.case.id, pattern) for one in found)]
    assert unmatched == []


@each
def test_every_pattern_of_questions_matches(step: Step) -> None:
    asked = {text for edition in LIBRARY.editions(step) for text in edition.asked}

    assert [pattern for pattern in step.questions if not any(fnmatchcase(text, pattern) for text in asked)] == []


@each
def test_its_commands_are_right_and_begin_with_a_project_of_their_own(step: Step, tmp_path: Path) -> None:
    made: dict[str, str] = {}
    for words in typed(step):
        command, *rest = words
        if command == "new":
            outcome = scaffold_inside("new", *rest, "--dry-run")
            assert outcome.code == 0, outcome.err
            made[rest[1]] = rest[0]
        elif command in {"run", "test", "exec", "check"} and rest and not rest[0].startswith("-"):
            assert rest[0] in made, words
        for flag, pattern in pairwise(rest):
            if flag == "--only":
                idea = made.get(rest[0]) or rest[rest.index("--idea") + 1]
                assert any(fnmatchcase(case.id, pattern) for case in LIBRARY.cases(idea)), pattern
    others = {words[2] for other in STEPS if other is not step for words in typed(other) if words[0] == "new"}
    assert not others & set(made), "a folder of another step"


@each
def test_every_path_in_its_words_is_there(step: Step) -> None:
    paths = {path for edition in LIBRARY.editions(step) for path in edition.files}
    named = {code for text in texts(step) for code in CODE.findall(text) if PATH.fullmatch(code)}

    assert named - paths == set()


@pytest.mark.parametrize("combination", combinations())
def test_the_questions_are_those_of_the_generated_page(rendered: Rendered, combination: str) -> None:
    idea, _, choices = combination.partition("/")
    plan = rendered.plan(combination)
    page_of_questions = rendered.files(combination)["docs/interview.md"].decode()

    layers = {layer.id for layer in plan.layers}
    edition = LIBRARY.edition(idea, choices.split("-")[0])
    expected = {text for text, asked in edition.asked.items() if asked.layers & layers}
    printed = re.findall(r"^\*\*(.+?)\*\*", page_of_questions, re.MULTILINE | re.DOTALL)
    assert {" ".join(question.split()) for question in printed} == expected


def test_a_file_says_which_choices_it_needs() -> None:
    practice = LIBRARY.practice(find_step(STEPS, "auth"))

    rotation = next(file for file in practice.files if file.hard_part == "token-rotation")
    passwords = next(file for file in practice.files if file.hard_part == "passwords")
    assert {place.needs["auth"] for place in rotation.places} == {("jwt",)}
    assert {place.needs["auth"] for place in passwords.places} == {("jwt", "session")}


@pytest.mark.parametrize("typed", ["caching", "Caching", " 8 ", "8"])
def test_a_step_is_found_by_its_number_and_by_its_name(typed: str) -> None:
    assert find_step(STEPS, typed).id == "caching"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("cachng", "caching"),
        ("redis", "caching"),
        ("docker", "containers"),
        ("graphql", "api"),
        ("websocket", "realtime"),
    ],
)
def test_a_step_that_is_not_there_suggests_the_one_that_is_about_it(typed: str, meant: str) -> None:
    with pytest.raises(ScaffoldError, match=f"Did you mean {meant}\\?"):
        find_step(STEPS, typed)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("steps: [{id: a}]", "step 1: 'title' is missing"),
        ("steps: [{id: a, colour: red}]", "unknown key 'colour'"),
        ("steps: [5]", "step 1"),
        ("steps: [{id: a, title: A, learn: L, explain: [], topics: [{topic: T, soon: no}]}]", "'here' or 'later'"),
        ("steps: [{id: a, title: A, learn: '', explain: [], topics: []}]", "should be a text"),
        (f"steps: [{EMPTY}, {EMPTY}]", "two steps"),
    ],
)
def test_a_malformed_road_map_is_named(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "roadmap.yml").write_text(text)

    with pytest.raises(CatalogError, match=re.escape(says)):
        read_steps(tmp_path)
