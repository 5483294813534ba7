"""The interactive path in a real pseudo-terminal, and its screens at two sizes as files.

``SCAFFOLD_UPDATE_SCREENS=1`` writes the files anew; read what changed before you commit it.
"""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

import pytest
import yaml

from tests.cli.terminal import BACKSPACE, CTRL_C, CTRL_D, CTRL_U, DOWN, ENTER, ESCAPE, UP, Terminal

IDEA = "What do you want to build?"
FRAMEWORK = "Which framework?"
DATABASE = "Which database?"
AUTH = "How do users sign in?"
CACHE = "Where does the cache live?"
LICENSE = "Under which licence?"
AUTHOR = "Who holds the copyright?"
NAME = "What is the project called?"
SLUG = "In letters from a to z, for its folder and packages?"
SUMMARY = "Write this project?"
CHANGE = "Which answer?"
FLAGS = {
    FRAMEWORK: "--framework=express",
    DATABASE: "--database=sqlite",
    AUTH: "--auth=none",
    CACHE: "--cache=memory",
    LICENSE: "--license=mit",
    AUTHOR: "--author=Ann",
}
ROW = (IDEA, *FLAGS, NAME)
# What the default idea asks: it has no cache.
DEFAULTS = tuple(question for question in ROW if question != CACHE)
SCREENS = Path(__file__).parent / "screens"


def test_enter_takes_every_default(tmp_path: Path) -> None:
    terminal = Terminal("new", cwd=tmp_path)
    for question in (*DEFAULTS, SUMMARY):
        terminal.wait_asked(question)
        terminal.send(ENTER)
    terminal.wait("To make the same project again:")

    assert terminal.leave() == 0
    assert made(tmp_path / "todo") == ["express", "sqlite", "none"]
    assert (tmp_path / "todo" / ".git").is_dir()


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (40, 20)])
def test_every_screen_is_as_it_is_kept(tmp_path: Path, columns: int, rows: int) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "mine.txt").write_text("mine")
    terminal = Terminal("new", "--no-git", cwd=tmp_path, columns=columns, rows=rows)

    def see(name: str, words: str) -> None:
        terminal.wait(words)
        check_screen(terminal, f"{columns}x{rows}", name)

    see("01-idea", f"{IDEA} (")
    terminal.send(DOWN, DOWN, DOWN, ENTER)
    see("02-framework", f"{FRAMEWORK} (")
    terminal.send(*"fast")
    see("03-search", "/ fast...")
    terminal.send(ENTER)
    see("04-database", f"{DATABASE} (")
    terminal.send(DOWN, ENTER)
    see("05-auth", f"{AUTH} (")
    terminal.send(*"jwt", ENTER)
    see("06-cache", f"{CACHE} (")
    terminal.send(ENTER)
    see("07-license", f"{LICENSE} (")
    terminal.send(ENTER)
    see("08-author", f"{AUTHOR} (")
    terminal.send(*"Ann", ENTER)
    see("09-name", f"{NAME} (")
    terminal.send(CTRL_U, *"taken", ENTER)
    see("10-refused-name", "is not empty")
    terminal.send(CTRL_U, *"東京", ENTER)
    see("11-slug", f"{SLUG} (")
    terminal.send(CTRL_U, *"tokyo", ENTER)
    see("12-summary", f"{SUMMARY} (")
    terminal.send(DOWN, ENTER)
    see("13-change", f"{CHANGE} (")
    terminal.send(*"cache", ENTER)
    terminal.wait_asked(CACHE)
    terminal.send(DOWN, ENTER)
    terminal.wait_asked(SUMMARY)
    terminal.send(DOWN, ENTER, *"framework", ENTER)
    see("14-framework-again", f"{FRAMEWORK} (")
    terminal.send(ESCAPE)
    terminal.wait_asked(SUMMARY)
    terminal.send(ENTER)
    terminal.wait("again:")
    if columns == 80:  # in a narrow one, what the proof says decides how much of it is still there
        see("15-created", "again:")

    assert terminal.leave() == 0
    assert made(tmp_path / "tokyo") == ["fastapi", "postgresql", "jwt", "redis"]
    assert (tmp_path / "tokyo" / "README.md").read_text().startswith("# 東京\n")


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (40, 20)])
def test_what_does_not_go_together_is_greyed_out_with_the_reason(tmp_path: Path, columns: int, rows: int) -> None:
    """With a cache of Redis, Spring is passed by; it is not refused after it was chosen."""
    terminal = Terminal("new", "url-shortener", "links", "--cache=redis", cwd=tmp_path, columns=columns, rows=rows)
    terminal.wait("not with Redis")
    check_screen(terminal, f"{columns}x{rows}", "20-not-with-redis")

    terminal.send(DOWN, DOWN)
    terminal.wait("» Express")
    terminal.send(*"spring")
    terminal.wait("/ spring...")
    terminal.send(ENTER)
    terminal.wait("» Express")
    terminal.send(CTRL_C)
    assert terminal.leave() == 130


def test_arrows_and_typing_choose(tmp_path: Path) -> None:
    terminal = Terminal("new", "--no-git", cwd=tmp_path)
    terminal.wait("Keep a list of what is to be done")
    assert terminal.shows("beginner")
    assert terminal.shows("intermediate")
    terminal.send(DOWN, DOWN, DOWN)
    terminal.wait("Create, follow and measure short links.")
    terminal.send(ENTER)
    terminal.wait_asked(FRAMEWORK)
    terminal.send(DOWN, DOWN, UP, ENTER)
    terminal.wait_asked(DATABASE)
    terminal.send(*"xyz")
    terminal.wait("/ xyz...")  # nothing is called so: all are shown
    terminal.send(BACKSPACE, BACKSPACE, BACKSPACE, *"mongo", ENTER)
    terminal.wait_asked(AUTH)
    terminal.send(UP, UP, ENTER)  # from the first round to Back, and before it the last
    terminal.wait_asked(CACHE)
    terminal.send(DOWN, ENTER)
    terminal.wait_asked(LICENSE)
    terminal.send(*"apache-2.0", ENTER)
    terminal.wait_asked(AUTHOR)
    terminal.send(*"Ann Example", ENTER)
    terminal.wait_asked(NAME)
    terminal.send(CTRL_U, *"my-links", ENTER)
    terminal.wait_asked(SUMMARY)
    terminal.send(*"write", ENTER)

    assert terminal.leave() == 0
    assert made(tmp_path / "my-links") == ["fastapi", "mongodb", "session", "redis"]
    recorded = yaml.safe_load((tmp_path / "my-links" / ".scaffold.yml").read_text())
    assert recorded["answers"] == {"license": "apache-2.0", "author": "Ann Example"}


def test_escape_and_the_last_entry_go_back_to_any_answer(tmp_path: Path) -> None:
    terminal = Terminal("new", "--no-git", *list(FLAGS.values())[3:], cwd=tmp_path)
    for question in (IDEA, FRAMEWORK, DATABASE, AUTH):
        terminal.wait_asked(question)
        terminal.send(ENTER)
    terminal.wait_asked(NAME)
    for question in (AUTH, DATABASE, FRAMEWORK, IDEA):
        terminal.send(ESCAPE) if question in (AUTH, FRAMEWORK) else terminal.send(UP, ENTER)
        terminal.wait_asked(question)
    terminal.send(ESCAPE, ENTER)
    terminal.wait_asked(FRAMEWORK)
    terminal.send(DOWN, ENTER)
    for question in (DATABASE, AUTH, NAME):
        terminal.wait_asked(question)
        terminal.send(ENTER)
    terminal.wait_asked(SUMMARY)
    terminal.send(ENTER)

    assert terminal.leave() == 0
    assert made(tmp_path / "weather")[0] == "fastapi"


def test_only_what_was_not_given_is_asked(tmp_path: Path) -> None:
    terminal = Terminal(
        *("new", "url-shortener", "links", "--no-git", "--framework=express", "--auth=jwt", "--cache=redis"),
        *("--license=none", "--author="),
        cwd=tmp_path,
    )
    terminal.wait(f"1 of 1 {DATABASE}")
    terminal.send(DOWN, ENTER)
    terminal.wait_asked(SUMMARY)
    terminal.send(ENTER)

    assert terminal.leave() == 0
    assert not any(terminal.shows(question) for question in (IDEA, FRAMEWORK, AUTH, CACHE, LICENSE, AUTHOR, NAME))
    assert made(tmp_path / "links") == ["express", "postgresql", "jwt", "redis"]


def test_when_everything_was_given_nothing_is_asked(tmp_path: Path) -> None:
    terminal = Terminal("new", "url-shortener", "links", "--no-git", *FLAGS.values(), cwd=tmp_path)

    assert terminal.leave() == 0
    assert not terminal.shows(SUMMARY)
    assert made(tmp_path / "links") == ["express", "sqlite", "none", "memory"]


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
        terminal.wait_asked(NAME)
        terminal.send(CTRL_U, *typed, ENTER)
        terminal.wait(says)
    terminal.send(CTRL_U, *"My Links", ENTER)
    terminal.wait_asked(SUMMARY)
    terminal.send(ENTER)

    assert terminal.leave() == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["my-links", "taken"]


@pytest.mark.parametrize("question", [*ROW, SUMMARY, CHANGE])
def test_ctrl_c_at_a_question_leaves_nothing(tmp_path: Path, question: str) -> None:
    asked = NAME if question in (SUMMARY, CHANGE) else question
    given = [] if asked == IDEA else ["url-shortener"]
    terminal = Terminal("new", *given, *(flag for asks, flag in FLAGS.items() if asks != asked), cwd=tmp_path)
    terminal.wait_asked(asked)
    if question != asked:
        terminal.send(ENTER)
        terminal.wait_asked(SUMMARY)
    if question == CHANGE:
        terminal.send(DOWN, ENTER)
    terminal.wait_asked(question)
    terminal.send(CTRL_C)

    assert terminal.leave() == 130
    assert terminal.shows("scaffold: interrupted")
    assert not terminal.shows("Traceback")
    assert list(tmp_path.iterdir()) == []


def test_cancelling_leaves_nothing(tmp_path: Path) -> None:
    terminal = Terminal("new", "url-shortener", *FLAGS.values(), cwd=tmp_path)
    terminal.wait_asked(NAME)
    terminal.send(ENTER)
    terminal.wait_asked(SUMMARY)
    terminal.send(DOWN, DOWN, ENTER)

    assert terminal.leave() == 130
    assert terminal.shows("scaffold: cancelled, nothing was written")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("question", [NAME, FRAMEWORK])
def test_the_end_of_input_leaves_nothing(tmp_path: Path, question: str) -> None:
    terminal = Terminal("new", "url-shortener", *(FLAGS.values() if question == NAME else ()), cwd=tmp_path)
    terminal.wait_asked(question)
    terminal.send(CTRL_U, CTRL_D)

    assert terminal.leave() == 130
    assert not terminal.shows("Traceback")
    assert list(tmp_path.iterdir()) == []


def test_a_window_that_is_closed_leaves_nothing(tmp_path: Path) -> None:
    terminal = Terminal("new", "url-shortener", *FLAGS.values(), cwd=tmp_path)
    terminal.wait_asked(NAME)
    terminal.hang_up()

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("taken",), "taken is a file"),
        (("links", "--name", "con"), "Try 'my-con'"),
        (("links", "--auth=basic"), "known:"),
        (("links", "--data=colour=red"), "has no question 'colour'"),
    ],
    ids=["destination", "name", "choice", "question"],
)
def test_a_refusal_comes_before_the_first_question(tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    (tmp_path / "taken").write_text("mine")
    terminal = Terminal("new", "url-shortener", *words, cwd=tmp_path)

    assert terminal.leave() == 2
    assert terminal.shows(says)
    assert not terminal.shows(FRAMEWORK)


def test_a_folder_that_is_no_name_and_a_clone_are_filled(tmp_path: Path) -> None:
    clone = tmp_path / "2024"
    clone.mkdir()
    (clone / "README.md").write_text("# Theirs\n")
    terminal = Terminal("new", "url-shortener", ".", "--no-git", *FLAGS.values(), cwd=clone)
    terminal.wait_asked(NAME)
    terminal.send(CTRL_U, *"links", ENTER)
    terminal.wait("README.md begins with your text.")
    terminal.send(ENTER)

    assert terminal.leave() == 0
    assert made(clone) == ["express", "sqlite", "none", "memory"]
    assert (clone / "README.md").read_text().startswith("# Theirs\n\n# Links\n")


@pytest.mark.parametrize("rows", [8, 12])
def test_a_tiny_terminal_is_enough(tmp_path: Path, rows: int) -> None:
    terminal = Terminal("new", "--no-git", cwd=tmp_path, columns=40, rows=rows)
    for question in DEFAULTS:
        terminal.wait_asked(question)
        terminal.send(ENTER)
    terminal.wait("Write")
    terminal.send(ENTER)

    assert terminal.leave() == 0
    assert made(tmp_path / "todo") == ["express", "sqlite", "none"]


def test_no_color_is_respected_at_the_prompts(tmp_path: Path) -> None:
    for no_color, coloured in (({}, True), ({"NO_COLOR": "1"}, False)):
        terminal = Terminal("new", "url-shortener", cwd=tmp_path, **no_color)
        terminal.wait_asked(FRAMEWORK)
        assert (terminal.colours != {"default"}) == coloured
        terminal.send(CTRL_C)
        terminal.leave()


def check_screen(terminal: Terminal, size: str, name: str) -> None:
    """Wait until a screen is as its file has it. What proofs say changes with them: it is left out.

    So is what stands above the end, where that has as many lines as the proof's sentence leaves it.
    """
    kept = SCREENS / size / f"{name}.txt"
    if os.environ.get("SCAFFOLD_UPDATE_SCREENS"):
        terminal.settle(1.0)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(f"{_masked(terminal.text)}\n", encoding="utf-8")
        return
    wanted, until = kept.read_text(encoding="utf-8").rstrip("\n"), time.monotonic() + 60
    while _masked(terminal.text) != wanted and time.monotonic() < until:
        terminal.settle(0.1)
    assert _masked(terminal.text) == wanted


def _masked(text: str) -> str:
    text = re.sub(r"This combination is .*?\.$", "This combination is …", text, flags=re.DOTALL | re.MULTILINE)
    made = text[max(text.find("\nCreated "), 0) :].lstrip("\n")
    return re.sub(r"^Proof  .*", "Proof      …", made, flags=re.MULTILINE)


def made(project: Path) -> list[str]:
    answers = yaml.safe_load((project / ".scaffold.yml").read_text())
    return list(answers["choices"].values())
