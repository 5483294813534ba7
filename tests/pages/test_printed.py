"""Every command that a page prints is run by a test, or named with the reason why not."""

from __future__ import annotations

import re

import pytest

from generator.catalog import Catalog
from generator.plan import make_plan
from generator.render import render
from generator.spec import ProjectSpec
from tests.cli.command import ROOT
from tests.pages.printed import RULES, NotHere, When, commands, serves, split, when
from tests.pages.walks import DAILY, PAGES, combinations, walk_project, walk_repository

REPOSITORY = ["README.md", *sorted(str(page.relative_to(ROOT)) for page in (ROOT / "docs").glob("*.md"))]


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The commands of all pages of all projects."""
    catalog, folder, found = Catalog.load(), tmp_path_factory.mktemp("generated"), set()
    for name, choices in combinations().items():
        spec = ProjectSpec.create(catalog, idea="url-shortener", name=name, choices=choices)
        render(make_plan(catalog, spec), folder / name)
        for page in (folder / name / "README.md", *(folder / name / "docs").glob("*.md")):
            found.update(commands(page.read_text(encoding="utf-8")))
    return found


def printed_here() -> dict[str, list[str]]:
    return {page: commands((ROOT / page).read_text(encoding="utf-8")) for page in REPOSITORY}


def test_somebody_has_thought_of_every_command(generated: set[str]) -> None:
    found = {command for listed in printed_here().values() for command in listed} | generated

    assert len(found) > 100
    assert sorted(command for command in found if when(command) is None) == []


def test_every_page_with_commands_that_can_be_run_is_walked_through() -> None:
    runnable = {
        page
        for page, listed in printed_here().items()
        if not all(isinstance(when(command), NotHere) for command in listed)
    }

    assert runnable == set(PAGES)


def test_no_rule_is_about_a_command_that_is_printed_nowhere(generated: set[str]) -> None:
    found = {command for listed in printed_here().values() for command in listed} | generated

    unused = [
        pattern for pattern, _ in RULES if not any(re.fullmatch(pattern, command, re.DOTALL) for command in found)
    ]

    assert unused == []


# The other pages need a project first: they are for ``python -m tests.pages``.
@pytest.mark.parametrize("page", ["README.md", "docs/how-composition-works.md"])
def test_the_commands_of_the_repositorys_pages_work(page: str) -> None:
    assert walk_repository(page, DAILY) == []


def test_the_commands_of_a_projects_pages_work() -> None:
    """With ``scaffold`` and without; those of the others take longer and are for ``python -m tests.pages``."""
    assert walk_project(combinations()["fastapi-sqlite-none-memory"], DAILY) == []


@pytest.mark.parametrize(
    ("command", "verdict"),
    [
        ("scaffold run --seed", When.EVERYDAY),
        ("scaffold check ~/shortener", When.PAGES),
        ("curl -s $BASE/http", When.PASTED),
        ("scaffold deploy", None),
        ("rm -rf build", None),
    ],
)
def test_a_new_command_is_noticed(command: str, verdict: When | None) -> None:
    assert when(command) is verdict


def test_a_command_has_all_its_lines() -> None:
    block = "# first\nBASE=x\ncurl -d '{\n  \"a\": 1}' \\\n  $BASE\n\npython - <<'PY'\nprint(1)\nPY\nls\n"

    assert split(block) == [
        "BASE=x",
        "curl -d '{\n  \"a\": 1}' \\\n  $BASE",
        "python - <<'PY'\nprint(1)\nPY",
        "ls",
    ]


@pytest.mark.parametrize("language", ["", "bash", "console"])
def test_a_block_of_another_shell_is_noticed(language: str) -> None:
    with pytest.raises(ValueError, match="write ```sh"):
        commands(f"text\n\n```{language}\nls\n```\n")


def test_what_serves_is_known() -> None:
    assert serves("scaffold run ~/shortener --seed")
    assert serves("java -XX:+UseSerialGC -jar target/app.jar   # serve")
    assert not serves("java -jar target/app.jar migrate")
