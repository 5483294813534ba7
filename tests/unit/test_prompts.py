"""Keys at the prompts, without a terminal; the screens are in ``tests/cli/test_terminal.py``."""

from __future__ import annotations

from typing import Any

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from generator.interview import BACK, Entry, Question
from generator.prompts import Asker

DOWN, ENTER, ESCAPE, CTRL_D = "\x1b[B", "\r", "\x1b", "\x04"
YES_OR_NO = (Entry(True, "Yes"), Entry(False, "No"))
REFUSED = (Entry(1, "One"), Entry(2, "Two", refused="not with one"), Entry(3, "Three"))


def ask(keys: str, *entries: Entry, **more: Any) -> Any:
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        pipe.send_text(keys)
        return Asker().ask(Question("Well?", entries=entries, **more))


@pytest.mark.parametrize(("keys", "answer"), [(ENTER, True), ("y", True), ("n", False), (ESCAPE, BACK)])
def test_yes_or_no_takes_one_key(keys: str, answer: Any) -> None:
    assert ask(keys, *YES_OR_NO, default=True, back=True) is answer


@pytest.mark.parametrize("entries", [YES_OR_NO, REFUSED])
def test_the_end_of_input_leaves(entries: tuple[Entry, ...]) -> None:
    with pytest.raises(KeyboardInterrupt):
        ask(CTRL_D, *entries)


@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        (DOWN + ENTER, 3),
        ("two" + ENTER + ENTER, 1),
        ("two" + DOWN + DOWN + ENTER + "three" + ENTER, 3),
        (ESCAPE + ENTER + ENTER, 1),  # Escape and Enter would be Alt-Enter, which ends a text
    ],
)
def test_what_is_refused_is_not_taken(keys: str, answer: int) -> None:
    assert ask(keys, *REFUSED) == answer


def test_a_choice_may_be_worth_nothing() -> None:
    assert ask(DOWN + ENTER, Entry("some", "Some"), Entry(None, "Nothing"), default="some") is None


def test_an_id_is_shown_where_the_label_does_not_hold_it() -> None:
    assert ask("jwt" + ENTER, Entry("none", "Nobody"), Entry("jwt", "JSON Web Tokens")) == "jwt"
    assert [Entry("a", "A").titled, Entry("jwt", "Tokens").titled] == ["A", "Tokens [jwt]"]
