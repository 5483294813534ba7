"""The interview without a terminal: what is asked in which order, what is offered, and the way back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.answers import Answers
from generator.catalog import Catalog
from generator.errors import Cancelled, RefusedChoice
from generator.interview import BACK, Interview, Question

EXPRESS = {"framework": "express", "database": "sqlite", "auth": "none", "cache": "memory"}
FRAMEWORK, DATABASE, AUTH = "Which framework?", "Which database?", "How do users sign in?"
CACHE, LICENSE, AUTHOR = "Where does the cache live?", "Under which licence?", "Who holds the copyright?"
IDEA, NAME, SLUG = (
    *("What do you want to build?", "What is the project called?"),
    "In letters from a to z, for its folder and packages?",
)
SUMMARY, CHANGE = "Write this project?", "Which answer?"
Script = list[tuple[str, Any]]


class Person:
    """Answers by a script of questions and answers, and remembers what was shown; ``None`` takes the default."""

    def __init__(self, script: Script) -> None:
        self._script: Iterator[tuple[str, Any]] = iter(script)
        self.shown: list[Question] = []

    def ask(self, question: Question) -> Any:
        self.shown.append(question)
        text, answer = next(self._script, ("nothing more", None))
        assert question.text == text
        return question.default if answer is None else answer


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("generator.git.user_name", lambda: "Ann")
    return tmp_path


def talk(script: Script, **given: Any) -> tuple[dict[str, str], str, list[Question]]:
    """The choices and the title that come of it, and what was shown."""
    person = Person(script)
    spec, _ = Interview(Catalog.load(), Answers(**given), person).run()
    return dict(spec.choices), spec.title, person.shown


def defaults(*texts: str) -> Script:
    return [(text, None) for text in texts]


def test_defaults_are_taken_in_a_row_and_the_places_are_counted() -> None:
    row = (FRAMEWORK, DATABASE, AUTH, CACHE, LICENSE, AUTHOR, NAME)

    choices, title, shown = talk([(IDEA, "url-shortener"), *defaults(*row), (SUMMARY, "write")])

    assert (choices, title) == (EXPRESS, "Url Shortener")
    assert [question.place for question in shown] == [*(f"{n} of 8" for n in range(1, 9)), ""]
    assert [question.back for question in shown] == [False, *[True] * 8]
    assert shown[-1].above[1:4] == ("Framework  Express", "Database   SQLite", "Auth       none (one local user)")


def test_the_default_idea_is_the_todo_list_and_asks_for_no_cache() -> None:
    choices, title, _ = talk([*defaults(IDEA, FRAMEWORK, DATABASE, AUTH, LICENSE, AUTHOR, NAME), (SUMMARY, "write")])

    assert (choices, title) == ({"framework": "express", "database": "sqlite", "auth": "none"}, "Todo")


def test_only_what_was_not_given_is_asked_and_without_a_question_there_is_no_summary() -> None:
    others = {"license": "mit", "author": "Ann"}

    assert talk([], idea="url-shortener", name="links", choices=EXPRESS, others=others)[0] == EXPRESS
    given = {key: EXPRESS[key] for key in ("framework", "auth", "cache")}
    choices, _, shown = talk(
        [(DATABASE, "mongodb"), (SUMMARY, "write")],
        idea="url-shortener",
        name="links",
        choices=given,
        others=others,
    )
    assert choices["database"] == "mongodb"
    assert shown[0].place == "1 of 1"


def test_back_leads_to_every_earlier_answer_and_keeps_it_as_the_default() -> None:
    choices, _, shown = talk(
        [
            *[(IDEA, "url-shortener"), (FRAMEWORK, "fastapi"), (DATABASE, "mongodb"), (AUTH, BACK)],
            *[(DATABASE, BACK), (FRAMEWORK, BACK), (IDEA, None), (FRAMEWORK, None), (DATABASE, None)],
            *defaults(AUTH, CACHE, LICENSE, AUTHOR, NAME),
            *[(SUMMARY, BACK), (NAME, BACK), (AUTHOR, None), (NAME, "links"), (SUMMARY, "write")],
        ]
    )

    assert (choices["framework"], choices["database"]) == ("fastapi", "mongodb")
    assert [question.default for question in shown[4:6]] == ["mongodb", "fastapi"]


def test_what_does_not_go_together_is_shown_with_the_reason() -> None:
    _, _, shown = talk(
        [*defaults(FRAMEWORK, DATABASE, AUTH, LICENSE, AUTHOR), (SUMMARY, "write")],
        idea="url-shortener",
        name="links",
        choices={"cache": "redis"},
    )

    assert {entry.value: entry.refused for entry in shown[0].entries} == {
        "express": "",
        "fastapi": "",
        "spring": "not with Redis",
    }


def test_what_no_idea_goes_with_is_refused_before_the_first_question() -> None:
    with pytest.raises(RefusedChoice, match="not offered with cache 'redis'"):
        talk([], choices={"framework": "spring", "cache": "redis"})


def test_a_choice_that_leaves_one_answer_says_so_and_nothing_is_asked_then() -> None:
    choices, _, shown = talk(
        [(FRAMEWORK, "spring"), *defaults(LICENSE, AUTHOR), (SUMMARY, "write")], idea="url-shortener", name="links"
    )

    (spring,) = (entry for entry in shown[0].entries if entry.value == "spring")
    assert spring.about.endswith("Leaves one answer: PostgreSQL, none (one local user), In-process memory.")
    assert all(entry.about for entry in shown[0].entries)
    assert choices == {"framework": "spring", "database": "postgresql", "auth": "none", "cache": "memory"}
    assert [question.place for question in shown[:3]] == ["1 of 6", "2 of 3", "3 of 3"]


def test_an_answer_can_be_changed_and_what_does_not_fit_then_is_asked_again() -> None:
    choices, title, shown = talk(
        [
            *[(FRAMEWORK, None), (DATABASE, "mongodb"), *defaults(AUTH, CACHE, LICENSE, AUTHOR)],
            *[(SUMMARY, "change"), (CHANGE, BACK), (SUMMARY, "change"), (CHANGE, "framework"), (FRAMEWORK, BACK)],
            *[(SUMMARY, "change"), (CHANGE, "framework"), (FRAMEWORK, "spring")],
            *[(SUMMARY, "change"), (CHANGE, "framework"), (FRAMEWORK, "fastapi")],
            *defaults(DATABASE),
            *[(SUMMARY, "change"), (CHANGE, "name"), (NAME, "東京"), (SLUG, "tokyo"), (SUMMARY, "write")],
        ],
        idea="url-shortener",
        name="links",
    )

    assert choices == {"framework": "fastapi", "database": "mongodb", "auth": "none", "cache": "memory"}
    assert title == "東京"
    spring = [question for question in shown if question.text == CHANGE][3]
    assert {entry.value for entry in spring.entries if entry.refused} == {"database"}


def test_a_slug_is_asked_for_where_it_is_a_guess() -> None:
    given: dict[str, Any] = {
        "idea": "url-shortener",
        "choices": EXPRESS,
        "others": {"license": "mit", "author": "Ann"},
    }

    _, title, shown = talk([(NAME, "東京"), (SLUG, None), (SUMMARY, "write")], **given)
    assert (title, shown[1].default, shown[1].place) == ("東京", "dong-jing", "2 of 2")
    assert talk([(SLUG, "tokyo"), (SUMMARY, "write")], **given, destination=Path("京都"))[1] == "京都"
    assert talk([], **given, name="東京", slug="tokyo")[1] == "東京"


def test_a_name_and_a_slug_are_checked_while_they_are_asked_for(here: Path) -> None:
    (here / "taken").mkdir()
    (here / "taken" / "mine.txt").write_text("mine")
    _, _, shown = talk(
        [(NAME, "東京"), (SLUG, "tokyo"), (SUMMARY, "write")],
        idea="url-shortener",
        choices=EXPRESS,
        others={"license": "mit", "author": "Ann"},
    )
    name, slug = shown[0].check, shown[1].check

    assert (name("links"), name("東京"), slug("tokyo")) == (None, None, None)
    assert str(name("express")).startswith("Try 'my-express'.")
    assert str(name("taken")).startswith("Give a new folder")
    assert str(slug("taken")).startswith("Give a new folder")
    assert str(slug("東京")).startswith("Use letters")
    assert str(name("")).startswith("Give one such as")


def test_a_folder_whose_name_is_none_for_a_project_is_no_reason_to_refuse() -> None:
    given: dict[str, Any] = {"idea": "url-shortener", "others": {"license": "mit", "author": "Ann"}}

    assert talk([(NAME, None), (SUMMARY, "write")], **given, choices=EXPRESS, destination=Path("2024"))[1] == (
        "Url Shortener"
    )
    script = [(FRAMEWORK, "fastapi"), *defaults(DATABASE, AUTH, CACHE), (NAME, "mine"), (SUMMARY, "write")]
    assert talk(script, **given, destination=Path("pydantic"))[1] == "Mine"


def test_cancelling_writes_nothing() -> None:
    with pytest.raises(Cancelled):
        talk(
            [(DATABASE, None), *defaults(AUTH, CACHE, LICENSE, AUTHOR), (SUMMARY, "cancel")],
            idea="url-shortener",
            name="links",
            choices={"framework": "express"},
        )
