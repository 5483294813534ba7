"""The steps of the road map, as ``templates/roadmap.yml`` says them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from generator.errors import CatalogError, ScaffoldError
from generator.layers import read_yaml

FILE = "roadmap.yml"

_KEYS = frozenset(
    {"id", "title", "learn", "explain", "topics", "ideas", "choices", "commands", "hard_parts", "files"}
    | {"experiments", "cases", "questions"}
)


@dataclass(frozen=True)
class Topic:
    """A part of a step.

    Attributes:
        title: such as ``Sessions``.
        practised: whether a project practises it today.
        text: how, or what is missing.
    """

    title: str
    practised: bool
    text: str


@dataclass(frozen=True)
class Command:
    """A command to type, and what it is for."""

    run: str
    about: str


@dataclass(frozen=True)
class Reading:
    """A file to read that is not the file of a hard part.

    Attributes:
        about: what is to be seen there.
        paths: framework → shell patterns of its paths in a project; none where a framework has no such file.
    """

    about: str
    paths: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Experiment:
    """Something to try, and what happens."""

    do: str
    see: str


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes:
        number: from 1.
        id: a short name to type.
        learn: what it is about, in two or three sentences.
        explain: what one can explain afterwards.
        ideas: the ideas that practise it, and how.
        choices: option → the choices that practise it.
        hard_parts: ids of hard parts of these ideas.
        cases: patterns of ids of contract cases.
        questions: patterns of interview questions; when empty, those whose answers name the file of a hard part.
    """

    number: int
    id: str
    title: str
    learn: str
    explain: tuple[str, ...]
    topics: tuple[Topic, ...]
    ideas: Mapping[str, str]
    choices: Mapping[str, tuple[str, ...]]
    commands: tuple[Command, ...]
    hard_parts: tuple[str, ...]
    files: tuple[Reading, ...]
    experiments: tuple[Experiment, ...]
    cases: tuple[str, ...]
    questions: tuple[str, ...]

    @property
    def practised(self) -> int:
        """How many of its topics a project practises."""
        return sum(topic.practised for topic in self.topics)

    @property
    def extent(self) -> str:
        """The same in words."""
        return f"{self.practised} of {len(self.topics)}"


def read_steps(root: Path) -> tuple[Step, ...]:
    """The steps in order.

    Args:
        root: the templates root.

    Raises:
        CatalogError: the file is missing or malformed.
    """
    path = root / FILE
    entries = read_yaml(path).get("steps", [])
    steps = tuple(_read_step(path, number, entry) for number, entry in enumerate(entries, 1))
    ids = [step.id for step in steps]
    if len(set(ids)) != len(ids):
        raise CatalogError(f"{path} has two steps of one id: {', '.join(ids)}")
    return steps


def find_step(steps: tuple[Step, ...], typed: str) -> Step:
    """The step of that number or id.

    Raises:
        ScaffoldError: there is none; names the step that was probably meant, and all.
    """
    word = typed.strip().casefold()
    for step in steps:
        if word in {step.id, str(step.number)}:
            return step
    known = f"Steps: {', '.join(f'{step.number} {step.id}' for step in steps)}."
    meant = _nearest(steps, word)
    raise ScaffoldError(f"'{typed}' is not a step", f"{f'Did you mean {meant}? ' if meant else ''}{known}")


def _nearest(steps: tuple[Step, ...], word: str) -> str | None:
    """The id of the step that has a word most like this one in its id, its title or its topics."""
    words: dict[str, str] = {}
    for step in steps:
        said = " ".join([step.title, *(topic.title for topic in step.topics)])
        for one in [step.id, *(part.strip("(),:").casefold() for part in said.split())]:
            words.setdefault(one, step.id)
    close = get_close_matches(word, words, n=1, cutoff=0.7)
    return words[close[0]] if close else None


def _read_step(path: Path, number: int, entry: Any) -> Step:
    try:
        unknown = set(entry) - _KEYS
        if unknown:
            raise CatalogError(f"{path}: step {number} has the unknown key '{min(unknown)}'")
        return Step(
            number=number,
            id=entry["id"],
            title=entry["title"],
            learn=_text(entry["learn"]),
            explain=tuple(map(_text, entry["explain"])),
            topics=tuple(_read_topic(topic) for topic in entry["topics"]),
            ideas={idea: _text(why) for idea, why in entry.get("ideas", {}).items()},
            choices={option: tuple(choices) for option, choices in entry.get("choices", {}).items()},
            commands=tuple(Command(run, _text(about)) for run, about in entry.get("commands", {}).items()),
            hard_parts=tuple(entry.get("hard_parts", ())),
            files=tuple(_read_file(file) for file in entry.get("files", ())),
            experiments=tuple(Experiment(_text(one["do"]), _text(one["see"])) for one in entry.get("experiments", ())),
            cases=tuple(entry.get("cases", ())),
            questions=tuple(map(_text, entry.get("questions", ()))),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise CatalogError(f"{path}: step {number}: {error} is missing or malformed") from error


def _read_topic(entry: Mapping[str, str]) -> Topic:
    ((how, text),) = ((key, value) for key, value in entry.items() if key != "topic")
    if how not in {"here", "later"}:
        raise ValueError(f"'{how}' of a topic, which is 'here' or 'later',")
    return Topic(_text(entry["topic"]), how == "here", _text(text))


def _read_file(entry: Mapping[str, Any]) -> Reading:
    paths = {
        key: (value,) if isinstance(value, str) else tuple(value or ())
        for key, value in entry.items()
        if key != "about"
    }
    return Reading(_text(entry["about"]), paths)


def _text(words: Any) -> str:
    if not isinstance(words, str) or not words.strip():
        raise ValueError(f"{words!r}, which should be a text,")
    return " ".join(words.split())
