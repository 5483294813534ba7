"""What every idea asks, as data: options with their choices, and answers that change no behaviour.

``shared/questions.yml`` holds the questions in Copier's form, ``shared/choices.yml`` what the generator has to know
of them. A further option is an entry in both and folders for its layers, and no change of code.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.errors import CatalogError, RefusedChoice
from generator.layers import read_yaml

FRAMEWORK = "framework"
DEFAULT_LAYERS = ("shared/{framework}/{option}/{choice}",)
DEFAULT_SOURCES = ("", "git-user-name")

_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_OPTION_KEYS = frozenset({"choices", "layers", "optional_layers", "url", "test_url", "keep"})
_CHOICE_KEYS = frozenset({"title", "when", "family", "server", "file"})
_ANSWER_KEYS = frozenset({"answer", "choices", "optional_layers", "default_from", "empty"})


@dataclass(frozen=True)
class Choice:
    """One answer to an option.

    Attributes:
        id: what a flag takes, such as ``postgresql``.
        title: its name, such as ``PostgreSQL``.
        about: its name in the prompt, with a word on what it is.
        when: when to take it, in one line.
        family: which folders beside ``common`` apply, such as ``sql``; empty where it decides none.
        server: the throw-away server that it needs, such as ``postgresql``; empty where it needs none.
        file: the URL of a file that it lives in, with ``{path}``; empty where it has none.
    """

    id: str
    title: str
    about: str
    when: str = ""
    family: str = ""
    server: str = ""
    file: str = ""


@dataclass(frozen=True)
class Option:
    """A question whose answer is a choice with files of its own.

    Attributes:
        id: such as ``database``; also the flag ``--database``.
        question: what a person is asked.
        default: id of a choice.
        choices: in display order.
        layers: folders that a choice must have, with ``{framework}`` and ``{choice}``.
        optional_layers: folders that a choice may have.
        url: the setting that names its server or file; empty where it has none.
        test_url: the same setting for the project's own tests.
        keep: whether what its server holds is kept between runs.
    """

    id: str
    question: str
    default: str
    choices: tuple[Choice, ...]
    layers: tuple[str, ...] = DEFAULT_LAYERS
    optional_layers: tuple[str, ...] = ()
    url: str = ""
    test_url: str = ""
    keep: bool = False

    def choice(self, choice_id: str) -> Choice:
        """The choice of that id; raises RefusedChoice when there is none."""
        for choice in self.choices:
            if choice.id == choice_id:
                return choice
        raise RefusedChoice(f"'{choice_id}' is not a choice of {self.id}", f"Known: {', '.join(self.ids)}.")

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of its choices."""
        return tuple(choice.id for choice in self.choices)


@dataclass(frozen=True)
class Answer:
    """A question that every idea asks and whose answer is recorded, but changes no behaviour.

    Attributes:
        id: such as ``license``; also the flag ``--license``.
        form: the question in Copier's form.
        optional_layers: folders that an answer may have, with ``{choice}``.
        default_from: where its default is looked up, one of ``DEFAULT_SOURCES``.
        empty: what templates see when it is empty, with ``{title}``.
        when: when to take which answer, in one line each, by its id.
    """

    id: str
    form: Mapping[str, Any]
    optional_layers: tuple[str, ...] = ()
    default_from: str = ""
    empty: str = ""
    when: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Shared:
    """All shared questions, in the order in which they are asked."""

    options: dict[str, Option] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)


def read_shared(folder: Path) -> Shared:
    """Read the two files.

    Args:
        folder: ``templates/shared``.

    Raises:
        CatalogError: one of them is malformed or they contradict each other; names the file and the entry.
    """
    questions, facts = read_yaml(folder / "questions.yml"), read_yaml(folder / "choices.yml")
    shared = Shared()
    for key, form in questions.items():
        known = facts.get(key)
        if not isinstance(known, dict):
            raise CatalogError(f"{folder / 'choices.yml'} says nothing of '{key}'", "Add it, as docs say.")
        if not isinstance(key, str) or not _ID.fullmatch(key):
            raise CatalogError(f"{folder / 'questions.yml'}: '{key}' cannot be a flag", "Use a-z, 0-9 and '-'.")
        if known.get("answer"):
            shared.answers[key] = _answer(key, form, known, folder / "choices.yml")
        else:
            shared.options[key] = _option(key, form, known, folder / "choices.yml")
    unasked = sorted(set(facts) - set(questions))
    if unasked:
        raise CatalogError(f"{folder / 'questions.yml'} does not ask for '{unasked[0]}'", "choices.yml has it: add it.")
    if FRAMEWORK not in shared.options:
        raise CatalogError(f"{folder / 'questions.yml'} has no option '{FRAMEWORK}'", "Every project is built in one.")
    return shared


def _option(key: str, form: Any, known: dict[str, Any], facts: Path) -> Option:
    _check_keys(known, _OPTION_KEYS, f"{facts}: '{key}'")
    choices = []
    for label, choice_id in form["choices"].items():
        fact = known.get("choices", {}).get(choice_id)
        if not isinstance(fact, dict) or "title" not in fact:
            raise CatalogError(f"{facts} has no title of {key} '{choice_id}'", "Add it.")
        _check_keys(fact, _CHOICE_KEYS, f"{facts}: {key} '{choice_id}'")
        choices.append(Choice(choice_id, about=label, **fact))
    return Option(
        key,
        form["help"],
        form["default"],
        tuple(choices),
        layers=tuple(known.get("layers", DEFAULT_LAYERS)),
        optional_layers=tuple(known.get("optional_layers", ())),
        url=known.get("url", ""),
        test_url=known.get("test_url", ""),
        keep=known.get("keep", False),
    )


def _answer(key: str, form: dict[str, Any], known: dict[str, Any], facts: Path) -> Answer:
    _check_keys(known, _ANSWER_KEYS, f"{facts}: '{key}'")
    source = known.get("default_from", "")
    if source not in DEFAULT_SOURCES:
        raise CatalogError(f"{facts}: '{key}' has its default from '{source}'", "Known: git-user-name.")
    when = {}
    for answer, fact in known.get("choices", {}).items():
        _check_keys(fact, frozenset({"when"}), f"{facts}: {key} '{answer}'")
        when[answer] = fact.get("when", "")
    return Answer(key, form, tuple(known.get("optional_layers", ())), source, known.get("empty", ""), when)


def _check_keys(given: dict[str, Any], known: frozenset[str], where: str) -> None:
    unknown = sorted(set(given) - known)
    if unknown:
        raise CatalogError(f"{where} has the unknown key '{unknown[0]}'", f"Known: {', '.join(sorted(known))}.")
