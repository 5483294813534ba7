"""The catalogue: ideas, options, choices and the rules between them, read from the template tree.

An idea exists because its folder does; a choice is offered because the idea's ``copier.yml`` says so, and an option
that it does not name is none of its options. Adding one is adding folders, not code. Several roots may be read: a
team's own ideas are one more root.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any

from generator.errors import CatalogError, RefusedChoice
from generator.layers import read_yaml
from generator.options import FRAMEWORK, Answer, Option, Shared, read_shared
from generator.paths import LEVELS, templates_root

LAST = 1_000  # the place of an idea that names none


@dataclass(frozen=True)
class StandIn:
    """What plays the service that an idea's projects talk to: ``contract/stand_in.py``.

    Attributes:
        about: what it stands in for and what it answers, in a few words.
        settings: the settings that name the service, each with the path that is added to the stand-in's address.
    """

    about: str
    settings: Mapping[str, str]


@dataclass(frozen=True)
class Idea:
    """A project to build.

    Attributes:
        order: its place among the ideas of its level, lowest first; the very first one is what ``new`` begins with.
        first: whether a framework is tried on it first: then all its frameworks, databases and sign-ins are proven.
        root: the templates root it was read from.
        folder: its folder, relative to ``root``.
        options: ids of the options that it has, in the order in which they are asked; the framework is one of them.
        offers: framework → groups of choices that go together: option → ids of the choices it is built for.
        questions: its own questions, in Copier's form.
        stand_in: of the service that its projects talk to; None where they talk to none.
    """

    id: str
    level: str
    title: str
    summary: str
    teaches: tuple[str, ...]
    endpoints: tuple[tuple[str, str], ...]
    order: int
    first: bool
    root: Path
    folder: str
    options: tuple[str, ...]
    offers: Mapping[str, tuple[Mapping[str, tuple[str, ...]], ...]]
    questions: Mapping[str, Mapping[str, Any]]
    stand_in: StandIn | None = None

    @property
    def path(self) -> Path:
        """Where the idea lies on disk."""
        return self.root / self.folder

    def combinations(self) -> Iterator[dict[str, str]]:
        """Every offered combination of its options, in a stable order."""
        for framework, groups in self.offers.items():
            for group in groups:
                for values in product(*(group.get(option, (framework,)) for option in self.options)):
                    yield dict(zip(self.options, values, strict=True))

    def offered(self, option: str, given: Mapping[str, str]) -> list[str]:
        """Ids of the choices of an option that go together with the answers given so far."""
        seen: dict[str, None] = {}
        for combination in self.combinations():
            if all(combination[name] == value for name, value in given.items() if name in combination):
                seen[combination[option]] = None
        return list(seen)

    def forced(self, given: Mapping[str, str]) -> dict[str, str]:
        """The options that have one answer left because of the choices given, and that answer."""
        left = {option: self.offered(option, given) for option in self.options if option not in given}
        return {option: ids[0] for option, ids in left.items() if len(ids) == 1 and len(self.offered(option, {})) > 1}


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
    def _asked(self) -> Shared:
        return read_shared(self.shared / "shared")

    @property
    def options(self) -> dict[str, Option]:
        """The options by id, in the order in which they are asked; an idea may leave some out."""
        return self._asked.options

    @property
    def answers(self) -> dict[str, Answer]:
        """The shared questions that decide no behaviour, by id."""
        return self._asked.answers

    @cached_property
    def ideas(self) -> dict[str, Idea]:
        """Every idea by id, beginner first, and those of one level in their order."""
        ideas: dict[str, Idea] = {}
        for level in LEVELS:
            for root in self.roots:
                for manifest in sorted((root / level).glob("*/copier.yml")):
                    idea = _read_idea(root, level, manifest, tuple(self.options))
                    self._check_offers(idea, manifest)
                    if idea.id in ideas:
                        raise CatalogError(f"Two ideas are called '{idea.id}': {ideas[idea.id].path} and {idea.path}")
                    ideas[idea.id] = idea
        return dict(sorted(ideas.items(), key=lambda item: (LEVELS.index(item[1].level), item[1].order)))

    def _check_offers(self, idea: Idea, manifest: Path) -> None:
        taken = sorted(set(idea.questions) & {*self.options, *self.answers})
        if taken:
            raise CatalogError(f"{manifest} asks '{taken[0]}', which every idea asks", "Rename its question.")
        for framework, offered in ((framework, group) for framework, groups in idea.offers.items() for group in groups):
            if set(offered) != set(idea.options) - {FRAMEWORK}:
                raise CatalogError(
                    f"{manifest} offers {framework} other options than its other frameworks, or unknown ones",
                    f"Name the same of them for each; known: {', '.join(self.options)}.",
                )
            for option, choices in {FRAMEWORK: (framework,), **offered}.items():
                if not choices:
                    raise CatalogError(f"{manifest} offers no {option} for {framework}", "Name its choices.")
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
        absent = [option for option in choices if option not in idea.options]
        if absent:
            its = " ".join(f"--{option}" for option in idea.options)
            raise RefusedChoice(f"{idea.id} has no option '{absent[0]}'", f"Leave it out; it has {its}.")
        asked = [option for option in idea.options if option in choices]
        unknown = [option for option in asked if not self._knows(option, choices[option])]
        guesses = {option: _nearest(choices[option], self.options[option]) for option in unknown}
        meant = {**choices, **{option: guess or self.options[option].default for option, guess in guesses.items()}}
        nearest = max(
            idea.combinations(),
            key=lambda combination: (
                sum(combination[option] == choice for option, choice in meant.items()),
                combination[FRAMEWORK] == meant.get(FRAMEWORK),
            ),
        )
        flags = " ".join(f"--{option} {nearest[option]}" for option in asked)
        if unknown:
            known = ", ".join(self.options[unknown[0]].ids)
            fix = f"Did you mean {flags}?" if all(guesses.values()) else f"Offered is {flags}."
            raise RefusedChoice(f"'{choices[unknown[0]]}' is not a choice of {unknown[0]}; known: {known}", fix)
        wrong = next((option for option in asked if choices[option] != nearest[option]), None)
        if wrong is None:
            return
        framework = self.options[FRAMEWORK].choice(choices[FRAMEWORK]).title if FRAMEWORK in choices else None
        subject = f"{idea.id} in {framework}" if framework and wrong != FRAMEWORK else idea.id
        raise RefusedChoice(f"{subject} is not offered with {wrong} '{choices[wrong]}'", f"Nearest: {flags}.")

    def complete(self, idea: Idea, given: Mapping[str, str]) -> dict[str, str]:
        """Choices with the default of every option that was not given, among those that go together with the rest."""
        chosen = dict(given)
        for option in idea.options:
            if option not in chosen:
                offered = idea.offered(option, chosen)
                default = self.options[option].default
                chosen[option] = default if default in offered else offered[0]
        return {option: chosen[option] for option in idea.options}

    def family(self, choices: Mapping[str, str]) -> tuple[str, ...]:
        """Names of the folders beside ``common`` that apply in a layer's place, such as ``sql``."""
        families = (self.options[option].choice(choice).family for option, choice in choices.items())
        return tuple(family for family in families if family)

    def _knows(self, option: str, choice_id: str) -> bool:
        return option in self.options and choice_id in self.options[option].ids

    def versions(self, framework: str) -> dict[str, str]:
        """The tested version of every package that the framework's layers may name."""
        packages = read_yaml(self.shared / "shared" / framework / "versions.yml").get("packages", {})
        return {name: str(version) for name, version in packages.items()}

    def package_names(self, framework: str) -> list[str]:
        """Every package that a project of the framework may install: names that no project can have itself."""
        indirect = read_yaml(self.shared / "shared" / framework / "versions.yml").get("indirect", [])
        return [*self.versions(framework), *indirect]


def _read_idea(root: Path, level: str, manifest: Path, options: Sequence[str]) -> Idea:
    data = read_yaml(manifest)
    try:
        about = data["_idea"]
        # One group of choices that all go together, or a list of several.
        offers = {framework: of if isinstance(of, list) else [of] for framework, of in data["_offers"].items()}
        has = {FRAMEWORK, *(option for groups in offers.values() for group in groups for option in group)}
        return Idea(
            id=manifest.parent.name,
            level=level,
            title=about["title"],
            summary=about["summary"],
            teaches=tuple(about["teaches"]),
            endpoints=tuple((line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in about["endpoints"]),
            order=int(about.get("order", LAST)),
            first=bool(about.get("first", False)),
            root=root,
            folder=f"{level}/{manifest.parent.name}",
            options=tuple(option for option in options if option in has),
            offers={
                framework: tuple({option: tuple(choices) for option, choices in group.items()} for group in groups)
                for framework, groups in offers.items()
            },
            questions={name: question for name, question in data.items() if not name.startswith("_")},
            stand_in=StandIn(**about["stand_in"]) if "stand_in" in about else None,
        )
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise CatalogError(f"{manifest}: {error} is missing or malformed", "See docs/adding-an-idea.md.") from error


def _nearest(typed: str, option: Option) -> str | None:
    """The choice that was probably meant; None if nothing is close to what was typed."""
    from difflib import get_close_matches

    ids = [choice.id for choice in option.choices]
    titles = {choice.title.lower(): choice.id for choice in option.choices}
    close = get_close_matches(typed.lower(), [*ids, *titles], n=1, cutoff=0.5)
    return titles.get(close[0], close[0]) if close else None
