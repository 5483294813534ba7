"""The catalogue: ideas, options, choices and the rules between them, read from the template tree.

An idea exists because its folder does; a choice is offered because the idea's ``copier.yml`` says so. Adding one
is adding folders, not code. Several roots may be read: a team's own ideas are one more root.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any

from generator.errors import CatalogError, RefusedChoice
from generator.layers import choice_layers, read_yaml
from generator.paths import LEVELS, templates_root

OPTIONS = ("framework", "database", "auth", "cache")


@dataclass(frozen=True)
class Choice:
    """One answer to an option.

    Attributes:
        id: what a flag takes, such as ``postgresql``.
        title: its name, such as ``PostgreSQL``.
        about: one line for the prompt.
        family: of a database only: which repositories it uses, ``sql`` or ``mongodb``.
    """

    id: str
    title: str
    about: str
    family: str = ""


@dataclass(frozen=True)
class Option:
    """A question that every idea shares, with all its choices in display order."""

    id: str
    question: str
    default: str
    choices: tuple[Choice, ...]

    def choice(self, choice_id: str) -> Choice:
        """The choice of that id; raises RefusedChoice when there is none."""
        for choice in self.choices:
            if choice.id == choice_id:
                return choice
        known = ", ".join(choice.id for choice in self.choices)
        raise RefusedChoice(f"'{choice_id}' is not a choice of {self.id}", f"Known: {known}.")


@dataclass(frozen=True)
class Idea:
    """A project to build.

    Attributes:
        root: the templates root it was read from.
        folder: its folder, relative to ``root``.
        offers: framework → option → ids of the choices it is built for.
        questions: its own questions, in Copier's form.
    """

    id: str
    level: str
    title: str
    summary: str
    teaches: tuple[str, ...]
    endpoints: tuple[tuple[str, str], ...]
    root: Path
    folder: str
    offers: Mapping[str, Mapping[str, tuple[str, ...]]]
    questions: Mapping[str, Mapping[str, Any]]

    @property
    def path(self) -> Path:
        """Where the idea lies on disk."""
        return self.root / self.folder

    def combinations(self) -> Iterator[dict[str, str]]:
        """Every offered combination of the shared options, in a stable order."""
        for framework, offered in self.offers.items():
            for rest in product(*(offered[option] for option in OPTIONS[1:])):
                yield dict(zip(OPTIONS, (framework, *rest), strict=True))

    def offered(self, option: str, given: Mapping[str, str]) -> list[str]:
        """Ids of the choices of an option that go together with the answers given so far."""
        seen: dict[str, None] = {}
        for combination in self.combinations():
            if all(combination[name] == value for name, value in given.items() if name in combination):
                seen[combination[option]] = None
        return list(seen)


class Catalog:
    """Everything that can be generated, read from one or more template roots."""

    def __init__(self, roots: Sequence[Path]) -> None:
        self.roots = tuple(roots)

    @classmethod
    def load(cls, extra_roots: Sequence[Path] = ()) -> Catalog:
        """The catalogue of the installed templates, and of further roots laid out the same way."""
        return cls([templates_root(), *extra_roots])

    @property
    def shared(self) -> Path:
        """The root whose ``shared/`` folder every idea builds on."""
        return self.roots[0]

    @cached_property
    def options(self) -> dict[str, Option]:
        """The shared options by id, in the order in which they are asked."""
        questions = read_yaml(self.shared / "shared" / "questions.yml")
        facts = read_yaml(self.shared / "shared" / "choices.yml")
        options = {}
        for option_id in OPTIONS:
            question = questions[option_id]
            choices = []
            for label, choice_id in question["choices"].items():
                fact = facts.get(option_id, {}).get(choice_id)
                if fact is None:
                    raise CatalogError(f"choices.yml says nothing of {option_id} '{choice_id}'")
                choices.append(Choice(choice_id, fact["title"], label, fact.get("family", "")))
            options[option_id] = Option(option_id, question["help"], question["default"], tuple(choices))
        return options

    @cached_property
    def ideas(self) -> dict[str, Idea]:
        """Every idea by id, beginner first."""
        ideas: dict[str, Idea] = {}
        for level in LEVELS:
            for root in self.roots:
                for manifest in sorted((root / level).glob("*/copier.yml")):
                    idea = _read_idea(root, level, manifest)
                    self._check_offers(idea, manifest)
                    if idea.id in ideas:
                        raise CatalogError(f"Two ideas are called '{idea.id}': {ideas[idea.id].path} and {idea.path}")
                    ideas[idea.id] = idea
        return ideas

    def _check_offers(self, idea: Idea, manifest: Path) -> None:
        for framework, offered in idea.offers.items():
            for option, choices in {"framework": (framework,), **offered}.items():
                for choice in choices:
                    if not self._knows(option, choice):
                        raise CatalogError(
                            f"{manifest} offers the {option} '{choice}', which is unknown",
                            "Add it to shared/questions.yml and shared/choices.yml.",
                        )

    def idea(self, idea_id: str) -> Idea:
        """The idea of that id; raises RefusedChoice naming the nearest when there is none."""
        if idea_id in self.ideas:
            return self.ideas[idea_id]
        known = ", ".join(self.ideas)
        raise RefusedChoice(f"'{idea_id}' is not an idea", f"Known: {known}. See 'scaffold list'.")

    def check_choices(self, idea: Idea, choices: Mapping[str, str]) -> None:
        """Refuse choices that do not exist or do not go together.

        Args:
            choices: option id → choice id; may leave options out.

        Raises:
            RefusedChoice: with the reason and the nearest combination that is offered.
        """
        unknown = [option for option in OPTIONS if option in choices and not self._knows(option, choices[option])]
        guesses = {option: _nearest(choices[option], self.options[option]) for option in unknown}
        meant = {**choices, **{option: guess or self.options[option].default for option, guess in guesses.items()}}
        nearest = max(
            idea.combinations(),
            key=lambda combination: (
                sum(combination[option] == choice for option, choice in meant.items()),
                combination["framework"] == meant.get("framework"),
            ),
        )
        flags = " ".join(f"--{option} {nearest[option]}" for option in OPTIONS if option in choices)
        if unknown:
            known = ", ".join(choice.id for choice in self.options[unknown[0]].choices)
            fix = f"Did you mean {flags}?" if all(guesses.values()) else f"Offered is {flags}."
            raise RefusedChoice(f"'{choices[unknown[0]]}' is not a choice of {unknown[0]}; known: {known}", fix)
        wrong = next((option for option in OPTIONS if option in choices and choices[option] != nearest[option]), None)
        if wrong is None:
            return
        framework = self.options["framework"].choice(choices["framework"]).title if "framework" in choices else None
        subject = f"{idea.id} in {framework}" if framework and wrong != "framework" else idea.id
        raise RefusedChoice(f"{subject} is not offered with {wrong} '{choices[wrong]}'", f"Nearest: {flags}.")

    def _knows(self, option: str, choice_id: str) -> bool:
        return any(choice.id == choice_id for choice in self.options[option].choices)

    def versions(self, framework: str) -> dict[str, str]:
        """The tested version of every package that the framework's layers may name."""
        packages = read_yaml(self.shared / "shared" / framework / "versions.yml").get("packages", {})
        return {name: str(version) for name, version in packages.items()}

    def package_names(self, framework: str) -> list[str]:
        """Every package that a project of the framework may install: names that no project can have itself."""
        indirect = read_yaml(self.shared / "shared" / framework / "versions.yml").get("indirect", [])
        return [*self.versions(framework), *indirect]

    def commands(self, framework: str) -> dict[str, tuple[str, ...]]:
        """The commands of a generated project (``install``, ``start`` …) as argument lists."""
        merged: dict[str, tuple[str, ...]] = {}
        for layer in choice_layers(self.shared, f"shared/{framework}/chassis", "sql"):
            merged.update(layer.commands)
        if not merged:
            raise CatalogError(f"shared/{framework}/chassis contributes no commands")
        return merged


def _read_idea(root: Path, level: str, manifest: Path) -> Idea:
    data = read_yaml(manifest)
    try:
        about, offers = data["_idea"], data["_offers"]
        return Idea(
            id=manifest.parent.name,
            level=level,
            title=about["title"],
            summary=about["summary"],
            teaches=tuple(about["teaches"]),
            endpoints=tuple((line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in about["endpoints"]),
            root=root,
            folder=f"{level}/{manifest.parent.name}",
            offers={
                framework: {option: tuple(offered[option]) for option in OPTIONS[1:]}
                for framework, offered in offers.items()
            },
            questions={name: question for name, question in data.items() if not name.startswith("_")},
        )
    except (IndexError, KeyError, TypeError) as error:
        raise CatalogError(f"{manifest}: {error} is missing or malformed", "See docs/adding-an-idea.md.") from error


def _nearest(typed: str, option: Option) -> str | None:
    """The choice that was probably meant; None if nothing is close to what was typed."""
    from difflib import get_close_matches

    ids = [choice.id for choice in option.choices]
    titles = {choice.title.lower(): choice.id for choice in option.choices}
    close = get_close_matches(typed.lower(), [*ids, *titles], n=1, cutoff=0.5)
    return titles.get(close[0], close[0]) if close else None
