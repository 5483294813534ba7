"""The interactive path in a real pseudo-terminal."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.cli.terminal import CTRL_C, CTRL_D, CTRL_U, DOWN, ENTER, UP, Terminal

IDEA = "What do you want to build?"
FRAMEWORK = "Which framework?"
DATABASE = "Which database?"
AUTH = "How do users sign in?"
CACHE = "Where does the cache live?"
LICENSE = "Under which licence?"
AUTHOR = "Who holds the copyright?"
NAME = "What is the project called?"
FLAGS = {
    FRAMEWORK: "--framework=express",
    DATABASE: "--database=sqlite",
    AUTH: "--auth=none",
    CACHE: "--cache=memory",
    LICENSE: "--license=mit",
    AUTHOR: "--author=Ann",
}


def test_enter_takes_every_default(tmp_path: Path) -> None:
    terminal = Terminal("new", cwd=tmp_path)
    for question in (IDEA, FRAMEWORK, DATABASE, AUTH, CACHE, LICENSE, AUTHOR, NAME):
        terminal.wait(question)
        terminal.send(ENTER)
    terminal.wait("To make the same project again:")

    assert terminal.leave() == 0
    assert made(tmp_path / "url-shortener") == ["express", "sqlite", "none", "memory"]
    assert (tmp_path / "url-shortener" / ".git").is_dir()


def test_arrows_choose_and_ideas_are_grouped_by_level(tmp_path: Path) -> None:
    terminal = Terminal("new", "--no-git", cwd=tmp_path)
    terminal.wait("url-shortener: Create, follow and measure short links.")
    assert terminal.shows("intermediate")
    terminal.send(ENTER)
    terminal.wait(FRAMEWORK)
    terminal.send(DOWN, DOWN, UP, ENTER)
    terminal.wait(DATABASE)
    terminal.send(DOWN, DOWN, ENTER)
    terminal.wait(AUTH)
    terminal.send(UP, ENTER)  # from the first round to the last
    terminal.wait(CACHE)
    terminal.send(DOWN, ENTER)
    terminal.wait(LICENSE)
    terminal.send(DOWN, ENTER)
    terminal.wait(AUTHOR)
    terminal.send(*"Ann Example", ENTER)
    terminal.wait(NAME)
    terminal.send(CTRL_U, *"my-links", ENTER)

    assert terminal.leave() == 0
    assert made(tmp_path / "my-links") == ["fastapi", "mongodb", "session", "redis"]
    recorded = yaml.safe_load((tmp_path / "my-links" / ".scaffold.yml").read_text())
    assert recorded["answers"] == {"license": "apache-2.0", "author": "Ann Example"}


def test_only_what_was_not_given_is_asked(tmp_path: Path) -> None:
    terminal = Terminal(
        *("new", "url-shortener", "links", "--no-git", "--framework=express", "--auth=jwt", "--cache=redis"),
        *("--license=none", "--author="),
        cwd=tmp_path,
    )
    terminal.wait(DATABASE)
    terminal.send(DOWN, ENTER)

    assert terminal.leave() == 0
    assert not any(terminal.shows(question) for question in (IDEA, FRAMEWORK, AUTH, CACHE, LICENSE, AUTHOR, NAME))
    assert made(tmp_path / "links") == ["express", "postgresql", "jwt", "redis"]


def test_what_does_not_go_together_is_not_offered(tmp_path: Path) -> None:
    """With a cache of Redis, Spring drops out; it is not refused after it was chosen."""
    terminal = Terminal("new", "url-shortener", "links", "--cache=redis", cwd=tmp_path)
    terminal.wait(FRAMEWORK)
    terminal.wait("FastAPI")

    assert not terminal.shows("Spring")
    terminal.send(CTRL_C)
    assert terminal.leave() == 130


def test_a_wrong_name_is_asked_for_again(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "mine.txt").write_text("mine")
    terminal = Terminal("new", "url-shortener", "--no-git", *FLAGS.values(), cwd=tmp_path)
    for typed, says in {
        "../up": "Begin it with a letter",
        "con": "Try 'my-con'",
        "express": "Try 'my-express'",
        "taken": "Give a new folder, or one with nothing but",
        "": "Give one such as 'my-links'.",
    }.items():
        terminal.wait(NAME)
        terminal.send(CTRL_U, *typed, ENTER)
        terminal.wait(says)
    terminal.send(CTRL_U, *"My Links", ENTER)

    assert terminal.leave() == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["my-links", "taken"]


@pytest.mark.parametrize("question", [IDEA, FRAMEWORK, DATABASE, AUTH, CACHE, LICENSE, AUTHOR, NAME])
def test_ctrl_c_at_a_question_leaves_nothing(tmp_path: Path, question: str) -> None:
    given = [] if question == IDEA else ["url-shortener"]
    terminal = Terminal("new", *given, *(flag for asks, flag in FLAGS.items() if asks != question), cwd=tmp_path)
    terminal.wait(question)
    terminal.send(CTRL_C)

    assert terminal.leave() == 130
    assert terminal.shows("scaffold: interrupted")
    assert not terminal.shows("Traceback")
    assert list(tmp_path.iterdir()) == []


def test_the_end_of_input_leaves_nothing(tmp_path: Path) -> None:
    terminal = Terminal("new", "url-shortener", *FLAGS.values(), cwd=tmp_path)
    terminal.wait(NAME)
    terminal.send(CTRL_U, CTRL_D)

    assert terminal.leave() == 130
    assert not terminal.shows("Traceback")
    assert list(tmp_path.iterdir()) == []


def test_a_window_that_is_closed_leaves_nothing(tmp_path: Path) -> None:
    terminal = Terminal("new", "url-shortener", *FLAGS.values(), cwd=tmp_path)
    terminal.wait(NAME)
    terminal.hang_up()

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("taken",), "taken is a file"),
        (("links", "--name", "con"), "Try 'my-con'"),
        (("links", "--auth=basic"), "known:"),
    ],
    ids=["destination", "name", "choice"],
)
def test_a_refusal_comes_before_the_first_question(tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    (tmp_path / "taken").write_text("mine")
    terminal = Terminal("new", "url-shortener", *words, cwd=tmp_path)

    assert terminal.leave() == 2
    assert terminal.shows(says)
    assert not terminal.shows(FRAMEWORK)


def test_a_narrow_terminal_is_enough(tmp_path: Path) -> None:
    terminal = Terminal("new", "--no-git", cwd=tmp_path, columns=40, rows=24)
    for question, shows in {
        IDEA: "url-shortener",
        FRAMEWORK: "Express (TypeScript, Node 24)",
        DATABASE: "PostgreSQL",
        AUTH: "JSON Web Tokens",
        CACHE: "In the process",
        LICENSE: "MIT",
        AUTHOR: AUTHOR,
        NAME: "url-shortener",
    }.items():
        terminal.wait(question)
        terminal.wait(shows)
        if question == NAME:
            terminal.send(CTRL_U, *"con", ENTER)
            terminal.wait("Try 'my-con'")
            terminal.send(CTRL_U, *"links")
        terminal.send(ENTER)
    terminal.wait("scaffold new url-shortener links --framework express --database sqlite")

    assert terminal.leave() == 0
    assert made(tmp_path / "links") == ["express", "sqlite", "none", "memory"]


def made(project: Path) -> list[str]:
    answers = yaml.safe_load((project / ".scaffold.yml").read_text())
    return list(answers["choices"].values())
