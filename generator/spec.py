"""The spec: the frozen, validated answers for one project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from generator.catalog import OPTIONS, Catalog, Idea
from generator.errors import RefusedChoice
from generator.naming import slugify, title_of


@dataclass(frozen=True)
class ProjectSpec:
    """What to generate. Build it with :meth:`create`, which validates.

    Attributes:
        idea: id of the idea.
        slug: the project's name, see :mod:`generator.naming`.
        framework, database, auth, cache: choice ids.
        answers: answers to the idea's own questions.
    """

    idea: str
    slug: str
    framework: str
    database: str
    auth: str
    cache: str
    answers: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def create(
        cls,
        catalog: Catalog,
        *,
        idea: str,
        name: str,
        choices: Mapping[str, str],
        answers: Mapping[str, Any] | None = None,
    ) -> ProjectSpec:
        """Validate answers and freeze them.

        Args:
            name: the project name as typed.
            choices: option id → choice id; what is left out takes its default among what still goes together.
            answers: answers to the idea's own questions; what is left out takes its default.

        Raises:
            RefusedChoice: an unknown idea, choice or question, or choices that do not go together.
            ScaffoldError: a name that cannot be used.
        """
        chosen = catalog.idea(idea)
        catalog.check_choices(chosen, choices)
        complete = complete_choices(catalog, chosen, choices)
        reserved = catalog.package_names(complete["framework"])
        given = dict(answers or {})
        unknown = sorted(set(given) - set(chosen.questions), key=str)
        if unknown:
            known = ", ".join(chosen.questions) or "none"
            raise RefusedChoice(f"{idea} has no question '{unknown[0]}'", f"Its own questions: {known}.")
        return cls(
            idea=idea,
            slug=slugify(name, reserved=reserved),
            answers=MappingProxyType(
                {
                    key: _typed(key, question, given.get(key, question.get("default")))
                    for key, question in chosen.questions.items()
                }
            ),
            **complete,
        )

    @property
    def title(self) -> str:
        """The name as a heading: ``my-links`` → ``My Links``."""
        return title_of(self.slug)

    @property
    def choices(self) -> dict[str, str]:
        """Option id → choice id."""
        return {option: getattr(self, option) for option in OPTIONS}

    @property
    def combination(self) -> str:
        """The choices as one word for tables and file names, such as ``express-sqlite-none-memory``."""
        return "-".join(self.choices.values())

    def command(self, destination: str | None = None) -> str:
        """The command line that reproduces the project."""
        import shlex

        flags = [f"--{option} {choice}" for option, choice in self.choices.items()]
        data = [f"--data {shlex.quote(f'{name}={value}')}" for name, value in sorted(self.answers.items())]
        words = ["scaffold new", self.idea, shlex.quote(destination or self.slug)]
        if destination and destination.rstrip("/").rsplit("/", 1)[-1] != self.slug:
            words.append(f"--name {self.slug}")
        return " ".join([*words, *flags, *data, "--yes"])


def complete_choices(catalog: Catalog, idea: Idea, given: Mapping[str, str]) -> dict[str, str]:
    """Add the default of every option that was not given, among the choices that go together with the rest."""
    chosen = dict(given)
    for option_id in OPTIONS:
        if option_id not in chosen:
            offered = idea.offered(option_id, chosen)
            default = catalog.options[option_id].default
            chosen[option_id] = default if default in offered else offered[0]
    return chosen


def _typed(key: str, question: Mapping[str, Any], answer: Any) -> Any:
    """An answer as the type its question asks for; a flag can only give text."""
    kind = question.get("type", "str")
    wanted: Any = answer
    try:
        if kind in {"int", "float"}:
            wanted = {"int": int, "float": float}[kind](answer)
        elif kind == "bool" and isinstance(answer, str):
            wanted = _BOOLEANS[answer.strip().lower()]
        elif kind == "str" and answer is not None:
            wanted = str(answer)
    except (KeyError, TypeError, ValueError):
        kinds = {"int": "a whole number", "float": "a number", "bool": "yes or no"}
        raise RefusedChoice(f"The answer to '{key}' is {answer!a}", f"Give {kinds[kind]}.") from None
    choices = question.get("choices")
    allowed = list(choices.values() if isinstance(choices, Mapping) else choices or [])
    if allowed and wanted not in allowed:
        raise RefusedChoice(f"{answer!a} is not an answer to '{key}'", f"Known: {', '.join(map(str, allowed))}.")
    return wanted


_BOOLEANS = {
    **dict.fromkeys(("yes", "y", "true", "1", "on"), True),
    **dict.fromkeys(("no", "n", "false", "0", "off"), False),
}
