"""What the commands print: for people with examples, for scripts as JSON, and plain text where nobody looks."""

from __future__ import annotations

import json
import subprocess
from importlib.metadata import version
from pathlib import Path

import pytest

from generator import __version__
from generator.catalog import Catalog
from tests.cli.command import SCAFFOLD, environment, scaffold, scaffold_inside

COMMANDS = ("new", "list", "show", "roadmap", "run", "test", "exec", "check")


def test_the_version_is_printed() -> None:
    outcome = scaffold_inside("--version")

    assert (outcome.code, outcome.out) == (0, f"scaffold {__version__}\n")


def test_help_names_every_command() -> None:
    outcome = scaffold_inside("--help")

    assert outcome.code == 0
    assert all(command in outcome.out for command in COMMANDS)


@pytest.mark.parametrize("command", [(), *((command,) for command in COMMANDS)], ids=lambda words: " ".join(words))
def test_every_help_has_an_example(command: tuple[str, ...]) -> None:
    for flag in ("--help", "-h"):
        outcome = scaffold_inside(*command, flag)

        assert (outcome.code, outcome.err) == (0, "")
        assert f"Example: scaffold {' '.join(command) or 'new'}" in " ".join(outcome.out.split())


def test_without_arguments_help_is_shown() -> None:
    outcome = scaffold_inside()

    assert (outcome.code, outcome.err) == (2, "")
    assert "Usage: scaffold" in outcome.out


@pytest.mark.parametrize(
    ("shell", "registers"),
    [("bash", "complete -o default -F"), ("zsh", "#compdef scaffold"), ("fish", "complete --command scaffold")],
)
def test_shell_completion_prints_a_script(shell: str, registers: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # Typer takes the shell that it finds among its parents, and a name only where it may not look for one.
    monkeypatch.setenv("_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION", "1")
    outcome = scaffold_inside("--show-completion", shell)

    assert (outcome.code, outcome.err) == (0, "")
    assert registers in outcome.out
    assert "_SCAFFOLD_COMPLETE" in outcome.out


def test_shell_completion_completes_commands(tmp_path: Path) -> None:
    asked = environment(_SCAFFOLD_COMPLETE="complete_bash", COMP_WORDS="scaffold l", COMP_CWORD="1")

    assert scaffold(cwd=tmp_path, env=asked).out.split() == ["list"]


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("new ur", ["url-shortener"]),
        ("show ", ["todo", "auth", "weather", "url-shortener"]),
        ("check --idea u", ["url-shortener"]),
        ("roadmap ca", ["caching"]),
        ("new url-shortener links --framework ", ["express", "fastapi", "spring"]),
        ("new url-shortener links --database p", ["postgresql"]),
        ("new url-shortener links --framework spring --auth ", ["none"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_shell_completion_completes_ideas_and_choices(typed: str, completed: list[str], tmp_path: Path) -> None:
    words = f"scaffold {typed}"
    asked = environment(_SCAFFOLD_COMPLETE="complete_bash", COMP_WORDS=words, COMP_CWORD=str(len(words.split(" ")) - 1))

    assert scaffold(cwd=tmp_path, env=asked).out.split() == completed


def test_list_as_json_agrees_with_the_catalogue() -> None:
    ideas = json.loads(scaffold_inside("list", "--json").out)["ideas"]

    catalog = Catalog.load()
    assert [idea["id"] for idea in ideas] == list(catalog.ideas)
    shortener = next(idea for idea in ideas if idea["id"] == "url-shortener")
    assert shortener == {
        "id": "url-shortener",
        "level": "intermediate",
        "title": "URL shortener",
        "summary": "Create, follow and measure short links.",
        "frameworks": ["express", "fastapi", "spring"],
        "combinations": 37,
    }


def test_show_as_json_agrees_with_the_catalogue() -> None:
    shown = json.loads(scaffold_inside("show", "url-shortener", "--json").out)

    catalog = Catalog.load()
    idea = catalog.idea("url-shortener")
    assert {key: shown[key] for key in ("id", "level", "title", "summary")} == {
        "id": idea.id,
        "level": idea.level,
        "title": idea.title,
        "summary": idea.summary,
    }
    assert shown["teaches"] == list(idea.teaches)
    assert {"method": "GET", "path": "/{code}"} in shown["endpoints"]
    assert shown["options"]["database"] == ["sqlite", "postgresql", "mongodb"]
    combinations = [{option: entry[option] for option in idea.options} for entry in shown["combinations"]]
    assert combinations == list(idea.combinations())
    assert {entry["proof"] for entry in shown["combinations"]} <= {"proven", "covered", "outdated", "unproven"}


@pytest.mark.parametrize("words", [("list",), ("show", "url-shortener")], ids=lambda words: words[0])
def test_what_is_shown_to_people_names_the_idea(words: tuple[str, ...]) -> None:
    outcome = scaffold_inside(*words)

    assert (outcome.code, outcome.err) == (0, "")
    assert "Create, follow and measure short links." in outcome.out


@pytest.mark.parametrize(
    "words", [("--help",), ("show", "url-shortener"), ("new", "nothing")], ids=lambda words: words[0]
)
def test_a_pipe_gets_no_escape_codes(words: tuple[str, ...], tmp_path: Path) -> None:
    for in_ci in ({}, {"GITHUB_ACTIONS": "true"}):  # where Typer would colour whatever it writes to
        outcome = scaffold(*words, cwd=tmp_path, env=environment(**in_ci))

        assert "\x1b" not in outcome.out + outcome.err


@pytest.mark.parametrize("words", [("list",), ("--help",)], ids=lambda words: words[0])
def test_no_color_is_respected_in_a_terminal(words: tuple[str, ...], tmp_path: Path) -> None:
    pexpect = pytest.importorskip("pexpect")

    def shown(**changes: str) -> str:
        environ = environment(**changes)
        return str(pexpect.run(" ".join([*SCAFFOLD, *words]), cwd=str(tmp_path), env=environ, encoding="utf-8"))

    assert "\x1b[" in shown()
    assert "\x1b[" not in shown(NO_COLOR="1")


SHELL_WORDS = {
    "list": "list",
    "show": "show url-shortener --json",
    "help": "--help",
    "dry run": "new url-shortener links --yes --dry-run",
}


def in_shell(command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", command.replace("scaffold", " ".join(SCAFFOLD))],
        cwd=cwd,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )


@pytest.mark.parametrize("words", SHELL_WORDS.values(), ids=SHELL_WORDS)
def test_a_reader_that_goes_away_is_no_error(words: str, tmp_path: Path) -> None:
    done = in_shell(f"scaffold {words} | head -c 0; exit ${{PIPESTATUS[0]}}", tmp_path)

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize("words", SHELL_WORDS.values(), ids=SHELL_WORDS)
def test_an_output_that_cannot_be_written_is_said_in_one_line(words: str, tmp_path: Path) -> None:
    done = in_shell(f"scaffold {words} >/dev/full", tmp_path)

    assert done.returncode == 2
    assert done.stderr.startswith("scaffold: The output cannot be written: no space left on device.")
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_an_error_that_cannot_be_written_keeps_its_exit_code(tmp_path: Path) -> None:
    assert in_shell("scaffold show nothing 2>/dev/full", tmp_path).returncode == 2


def test_streams_that_the_caller_closed_are_no_error(tmp_path: Path) -> None:
    asked = in_shell("scaffold new url-shortener <&-", tmp_path)
    told = in_shell("scaffold list >&-", tmp_path)
    silent = in_shell("scaffold show nothing 2>&-", tmp_path)

    assert asked.returncode == 2
    assert "these are missing: DEST" in asked.stderr
    assert (told.returncode, told.stderr) == (0, "")
    assert silent.returncode == 2


def test_the_installed_version_is_the_package_s() -> None:
    try:
        assert version("backend-scaffold") == __version__
    except ModuleNotFoundError:
        pytest.skip("the package is not installed")
