"""Sentences on a terminal break at words, and what is to be typed stays in one piece."""

from __future__ import annotations

import io

import pytest

from generator.cli.folding import folded


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")


def test_a_sentence_breaks_at_words() -> None:
    said = folded("This combination is proven: it passed its whole contract in exactly this form.", Screen())

    assert said.split("\n") == ["This combination is proven: it passed", "its whole contract in exactly this form."]


@pytest.mark.parametrize(
    "command",
    ["git -C my-links init && git -C my-links add --all", "DATABASE_URL='postgresql://a b' scaffold run"],
)
def test_a_command_stays_in_one_piece(command: str) -> None:
    lines = folded(f"No git repository was made, for git is not installed. To do so: {command}", Screen()).split("\n")

    assert lines[-1] == command
    assert all(len(line) <= 40 for line in lines[:-1])


def test_a_quoted_command_stays_in_one_piece() -> None:
    lines = folded("The database's server has ended. Ctrl-C and 'scaffold run --seed' start it again.", Screen())

    assert any("'scaffold run --seed'" in line for line in lines.split("\n"))


def test_further_lines_keep_the_indentation_and_what_is_asked_for() -> None:
    said = folded("  account   ann@example.com / correct horse battery (in the data)", Screen(), 10)

    assert said.split("\n") == ["  account   ann@example.com / correct", "            horse battery (in the data)"]


def test_a_pipe_gets_the_line_as_it_is() -> None:
    line = "a word " * 20

    assert folded(line, io.StringIO()) == line


def test_a_command_is_not_broken_for_the_remark_behind_it() -> None:
    said = folded("            scaffold exec links -- psql   opens it", Screen())

    assert said.split("\n") == ["            scaffold exec links -- psql", "            opens it"]
