"""The spec: the frozen, validated answers for one project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from generator.catalog import Catalog
from generator.errors import RefusedChoice
from generator.naming import slugify, title_from, title_of
from generator.options import FRAMEWORK

LONGEST_TEXT = 200

_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class ProjectSpec:
    """What to generate. Build it with :meth:`create`, which validates.

    Attributes:
        idea: id of the idea.
        slug: the project's name in manifests and folders, see :mod:`generator.naming`.
        choices: option id → choice id, for every option that the idea has, in the order in which they are asked.
        shared: answers to the questions that every idea asks and that change no behaviour, such as ``license``.
        own: answers to the idea's own questions.
        title: the name as a heading, in any script; made of the slug where it is left out.
    """

    idea: str
    slug: str
    choices: Mapping[str, str]
    shared: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    own: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    title: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", self.title or title_of(self.slug))

    @classmethod
    def create(
        cls,
        catalog: Catalog,
        *,
        idea: str,
        name: str,
        choices: Mapping[str, str],
        answers: Mapping[str, Any] | None = None,
        slug: str | None = None,
    ) -> ProjectSpec:
        """Validate answers and freeze them.

        Args:
            name: the project name as typed.
            choices: option id → choice id; what is left out takes its default among what still goes together.
            answers: answers to the shared and the idea's own questions; what is left out takes its default.
            slug: what to make the slug of, where that is not the name.

        Raises:
            RefusedChoice: an unknown idea, choice or question, or choices that do not go together.
            ScaffoldError: a name that cannot be used.
        """
        chosen = catalog.idea(idea)
        catalog.check_choices(chosen, choices)
        complete = catalog.complete(chosen, choices)
        reserved = catalog.package_names(complete[FRAMEWORK])
        given = dict(answers or {})
        unknown = sorted(set(given) - set(chosen.questions) - set(catalog.answers), key=str)
        if unknown:
            known = ", ".join(chosen.questions) or "none"
            raise RefusedChoice(f"{idea} has no question '{unknown[0]}'", f"Its own questions: {known}.")
        shared = {key: answer.form for key, answer in catalog.answers.items()}
        return cls(
            idea=idea,
            slug=slugify(name if slug is None else slug, reserved=reserved),
            choices=MappingProxyType(complete),
            shared=MappingProxyType({key: read_answer(key, form, given) for key, form in shared.items()}),
            own=MappingProxyType({key: read_answer(key, form, given) for key, form in chosen.questions.items()}),
            title=title_from(name),
        )

    @property
    def framework(self) -> str:
        """Id of the framework, which every project has."""
        return self.choices[FRAMEWORK]

    @property
    def answers(self) -> dict[str, Any]:
        """All answers that are no choices."""
        return {**self.shared, **self.own}

    @property
    def recorded(self) -> dict[str, Any]:
        """The answers as they are recorded: with the name, where the slug does not give it."""
        return {**self.answers, **({} if self.title == title_of(self.slug) else {"name": self.title})}

    @property
    def combination(self) -> str:
        """The choices as one word for tables and file names, such as ``express-sqlite-none-memory``."""
        return combination_name(self.choices)

    def command(self, destination: str | None = None) -> str:
        """The command line that reproduces the project."""
        import shlex

        given = {**self.choices, **self.shared}
        flags = [f"--{name} {shlex.quote(str(value))}" for name, value in given.items()]
        data = [f"--data {shlex.quote(f'{name}={value}')}" for name, value in sorted(self.own.items())]
        words = ["scaffold new", self.idea, shlex.quote(destination or self.slug)]
        folder = (destination or self.slug).rstrip("/").rsplit("/", 1)[-1]
        name = self.slug if self.title == title_of(self.slug) else self.title
        if folder != name:
            words.append(f"--name {shlex.quote(name)}")
        if slugify(name) != self.slug:
            words.append(f"--slug {self.slug}")
        return " ".join([*words, *flags, *data, "--yes"])


def combination_name(choices: Mapping[str, str]) -> str:
    """Choices as one word, such as ``express-sqlite-none-memory``."""
    return "-".join(choices.values())


def read_answer(key: str, question: Mapping[str, Any], given: Mapping[str, Any]) -> Any:
    """An answer, or the question's default, as the type the question asks for; a flag can only give text.

    Raises:
        RefusedChoice: it is none.
    """
    answer = given.get(key, question.get("default"))
    kind = question.get("type", "str")
    wanted: Any = answer
    try:
        if kind in {"int", "float"}:
            wanted = {"int": int, "float": float}[kind](answer)
        elif kind == "bool" and isinstance(answer, str):
            wanted = _BOOLEANS[answer.strip().lower()]
        elif kind == "str" and answer is not None:
            wanted = _line(key, str(answer))
    except (KeyError, TypeError, ValueError):
        kinds = {"int": "a whole number", "float": "a number", "bool": "yes or no"}
        raise RefusedChoice(f"The answer to '{key}' is {answer!a}", f"Give {kinds[kind]}.") from None
    choices = question.get("choices")
    allowed = list(choices.values() if isinstance(choices, Mapping) else choices or [])
    if allowed and wanted not in allowed:
        raise RefusedChoice(f"{answer!a} is not an answer to '{key}'", f"Known: {', '.join(map(str, allowed))}.")
    return wanted


def _line(key: str, text: str) -> str:
    """A text that fits into one line of a file, without what would break out of it."""
    if len(text) > LONGEST_TEXT:
        raise RefusedChoice(f"The answer to '{key}' has {len(text)} characters", f"Give at most {LONGEST_TEXT}.")
    strange = next((char for char in text if not char.isprintable()), None)
    if strange is not None:
        raise RefusedChoice(f"The answer to '{key}' holds {strange!a}", "Give one line of printable text.")
    return text.strip()


_BOOLEANS = {
    **dict.fromkeys(("yes", "y", "true", "1", "on"), True),
    **dict.fromkeys(("no", "n", "false", "0", "off"), False),
}
