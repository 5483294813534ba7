"""What practises a step: files, contract cases and interview questions, found in the templates by their names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any

from generator.catalog import Catalog, Idea
from generator.contract import Case
from generator.contract.applicability import Facts, why_not
from generator.contract.checking import Contract
from generator.contract.reading import read_cases
from generator.layers import PARTS, TEMPLATE_SUFFIX, Layer
from generator.options import FRAMEWORK
from generator.plan import layers_of
from generator.roadmap.steps import Reading, Step
from generator.spec import ProjectSpec

_NOBODY = "none"
_QUESTION = re.compile(r"^\*\*(.+?)\*\*", re.MULTILINE | re.DOTALL)
# A part of a page names a hard part's file by its id, or a file itself.
_NAMED_PART = re.compile(r'open_file\("([\w-]+)"\)')
_NAMED_FILE = re.compile(r"`([^`\s]+\.\w+)`")

Needs = Mapping[str, tuple[str, ...]]  # option → the choices of which one is needed
Reach = Mapping[str, tuple[set[str], set[str]]]  # option → the choices with which there is something, and all of them


@dataclass(frozen=True)
class Place:
    """A file in the projects of one framework.

    Attributes:
        framework: its id.
        path: in a project.
        test: the file of its tests; empty when it is not known.
        needs: the choices without which a project does not have it.
        ideas: in whose projects it is.
        partly: whether it is not in those of each idea that the framework has and the whole entry is about.
    """

    framework: str
    path: str
    test: str = ""
    needs: Needs = field(default_factory=dict)
    ideas: tuple[str, ...] = ()
    partly: bool = False


@dataclass(frozen=True)
class ReadFile:
    """Something to read.

    Attributes:
        title: of a hard part; empty for another file.
        about: its rule, or what is to be seen there.
        hard_part: its id; empty for another file.
        ideas: in whose projects it is.
        places: where it is in each framework.
    """

    title: str
    about: str
    hard_part: str
    ideas: tuple[str, ...]
    places: tuple[Place, ...]


@dataclass(frozen=True)
class FoundCase:
    """A contract case and the ideas whose contracts have it."""

    case: Case
    ideas: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """An interview question.

    Attributes:
        text: the question.
        frameworks: in whose projects it is asked.
        ideas: of these ideas.
        needs: the choices without which it is not asked.
        partly: whether there are other frameworks that have these ideas.
    """

    text: str
    frameworks: tuple[str, ...]
    ideas: tuple[str, ...]
    needs: Needs = field(default_factory=dict)
    partly: bool = False


@dataclass(frozen=True)
class Practice:
    """Everything that practises one step."""

    files: tuple[ReadFile, ...]
    cases: tuple[FoundCase, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Asked:
    """Where a question comes from, and what its answer names.

    Attributes:
        layers: ids of the layers that ask it.
        parts: ids of hard parts whose files its answer names.
        files: the other files that it names, by whole paths or their ends.
    """

    layers: set[str] = field(default_factory=set)
    parts: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)


class Library:
    """The templates, as a reader of the road map sees them.

    Args:
        catalog: must not change meanwhile: every file is read once.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._editions: dict[tuple[str, str], Edition] = {}
        self._cases: dict[str, list[Case]] = {}

    def practice(self, step: Step) -> Practice:
        """Everything that practises a step."""
        return Practice(
            files=(*self._hard_parts(step), *self._other_files(step)),
            cases=tuple(self._found_cases(step)),
            questions=tuple(self._questions(step)),
        )

    def cases(self, idea_id: str) -> list[Case]:
        """The cases that apply to some project of an idea, the shared ones included."""
        if idea_id not in self._cases:
            contract, idea = Contract(idea_id), self._catalog.idea(idea_id)
            read = [case for folder in reversed(contract.folders) for case in read_cases(folder)]
            self._cases[idea_id] = [case for case in read if _applies(case, idea, contract)]
        return self._cases[idea_id]

    def editions(self, step: Step) -> Iterator[Edition]:
        """The projects of each of a step's ideas in each framework."""
        for idea_id in step.ideas:
            for framework in self._catalog.idea(idea_id).offers:
                yield self.edition(idea_id, framework)

    def edition(self, idea_id: str, framework: str) -> Edition:
        """The projects of one idea in one framework."""
        key = (idea_id, framework)
        if key not in self._editions:
            self._editions[key] = Edition(self._catalog, self._catalog.idea(idea_id), framework)
        return self._editions[key]

    def _hard_parts(self, step: Step) -> Iterator[ReadFile]:
        for part in step.hard_parts:
            found: dict[tuple[str, str], list[FoundFile]] = {}
            for edition in self.editions(step):
                facts = edition.hard_parts.get(part)
                if facts:
                    found.setdefault(facts, []).extend(edition.places(part))
            for (title, rule), files in found.items():
                yield self._read_file(title, rule, part, step, files)

    def _other_files(self, step: Step) -> Iterator[ReadFile]:
        for reading in step.files:
            files = [file for edition in self.editions(step) for file in edition.matching(reading)]
            if files:
                yield self._read_file("", reading.about, "", step, files)

    def _read_file(self, title: str, about: str, part: str, step: Step, files: list[FoundFile]) -> ReadFile:
        merged: dict[tuple[str, str], list[FoundFile]] = {}
        for file in files:
            merged.setdefault((file.edition.framework, file.path), []).append(file)
        ideas = [idea for idea in step.ideas if any(idea == file.edition.idea.id for file in files)]
        places = []
        for (framework, path), same in merged.items():
            there = tuple(dict.fromkeys(file.edition.idea.id for file in same))
            offered = {idea for idea in ideas if framework in self._catalog.idea(idea).offers}
            needs = self._needs(file.reach for file in same)
            places.append(Place(framework, path, same[0].test, needs, there, partly=set(there) != offered))
        return ReadFile(title, about, part, tuple(ideas), tuple(places))

    def _needs(self, reaches: Iterable[Reach]) -> Needs:
        """The choices without which something is in no project of several editions."""
        first, *others = reaches
        needs = {}
        for option in first:
            same = [reach[option] for reach in (first, *others) if option in reach]
            there, offered = (set().union(*sets) for sets in zip(*same, strict=True))
            if len(same) == len(others) + 1 and there != offered:
                needs[option] = tuple(choice for choice in self._catalog.options[option].ids if choice in there)
        return needs

    def _found_cases(self, step: Step) -> Iterator[FoundCase]:
        found: dict[str, tuple[Case, list[str]]] = {}
        for idea_id in step.ideas:
            for case in self.cases(idea_id):
                if any(fnmatchcase(case.id, pattern) for pattern in step.cases):
                    found.setdefault(case.id, (case, []))[1].append(idea_id)
        first = {pattern: number for number, pattern in reversed(list(enumerate(step.cases)))}
        ordered = sorted(
            found.values(), key=lambda entry: min(n for p, n in first.items() if fnmatchcase(entry[0].id, p))
        )
        for case, ideas in ordered:
            yield FoundCase(case, tuple(ideas))

    def _questions(self, step: Step) -> Iterator[Question]:
        found: dict[str, list[tuple[Edition, Reach]]] = {}
        for edition in self.editions(step):
            for text, reach in edition.questions(step):
                found.setdefault(text, []).append((edition, reach))
        for text, entries in found.items():
            frameworks = tuple(dict.fromkeys(edition.framework for edition, _ in entries))
            ideas = tuple(dict.fromkeys(edition.idea.id for edition, _ in entries))
            offered = {framework for idea in ideas for framework in self._catalog.idea(idea).offers}
            needs = self._needs(reach for _, reach in entries)
            yield Question(text, frameworks, ideas, needs, partly=set(frameworks) != offered)


class Edition:
    """The projects of one idea in one framework, in all their combinations.

    Args:
        catalog: the catalogue.
        idea: the idea.
        framework: one that it is offered in.
    """

    def __init__(self, catalog: Catalog, idea: Idea, framework: str) -> None:
        self._catalog, self.idea, self.framework = catalog, idea, framework

    @cached_property
    def _combinations(self) -> list[tuple[dict[str, str], dict[str, Layer]]]:
        """Choices and their layers by id."""
        found = []
        for choices in self.idea.combinations():
            if choices[FRAMEWORK] == self.framework:
                spec = ProjectSpec.create(self._catalog, idea=self.idea.id, name="a project", choices=choices)
                layers = layers_of(self._catalog, spec, answered=False)
                found.append((choices, {layer.id: layer for layer in layers}))
        return found

    @cached_property
    def _layers(self) -> dict[str, Layer]:
        return {layer_id: layer for _, layers in self._combinations for layer_id, layer in layers.items()}

    @cached_property
    def files(self) -> dict[str, set[str]]:
        """Every path that some project has → ids of the layers that bring it."""
        found: dict[str, set[str]] = {}
        for layer in self._layers.values():
            for path, _ in layer.files():
                found.setdefault(path.removesuffix(TEMPLATE_SUFFIX), set()).add(layer.id)
        return found

    @cached_property
    def hard_parts(self) -> dict[str, tuple[str, str]]:
        """Id of each hard part → its title and its rule."""
        entries = self._entries("hard_parts")
        return {entry["id"]: (entry["title"], entry["rule"]) for _, entry in entries}

    def places(self, part: str) -> list[FoundFile]:
        """Where a hard part is, in the combinations that have it."""
        found: dict[tuple[str, str], set[str]] = {}
        for layer_id, entry in self._entries("places"):
            if entry["id"] == part:
                found.setdefault((entry["file"], entry["test"]), set()).add(layer_id)
        return [FoundFile(self, path, test, self._reach(layers)) for (path, test), layers in found.items()]

    def matching(self, reading: Reading) -> list[FoundFile]:
        """The files that a reading means."""
        return [
            FoundFile(self, path, "", self._reach(layers))
            for pattern in reading.paths.get(self.framework, ())
            for path, layers in sorted(self.files.items())
            if fnmatchcase(path, pattern)
        ]

    def questions(self, step: Step) -> Iterator[tuple[str, Reach]]:
        """A step's questions, and the choices with which they are asked.

        They are those that match its patterns or, where it has none, those about its hard parts: their answers name
        the file of one.
        """
        files = {file.path for part in step.hard_parts for file in self.places(part)}
        for text, asked in self.asked.items():
            about = asked.parts.intersection(step.hard_parts) or any(
                file == name or file.endswith(f"/{name}") for file in files for name in asked.files
            )
            matching = any(fnmatchcase(text, pattern) for pattern in step.questions)
            if matching if step.questions else about:
                yield text, self._reach(asked.layers)

    @cached_property
    def asked(self) -> dict[str, Asked]:
        """Every question that some project asks."""
        found: dict[str, Asked] = {}
        for layer in self._layers.values():
            for part in layer.readme:
                if part["section"] == "interview":
                    text = (layer.folder / PARTS / part["file"]).read_text(encoding="utf-8")
                    _, *pieces = _QUESTION.split(text)
                    for question, answer in zip(pieces[::2], pieces[1::2], strict=True):
                        one = found.setdefault(" ".join(question.split()), Asked())
                        one.layers.add(layer.id)
                        one.parts.update(_NAMED_PART.findall(answer))
                        one.files.update(_NAMED_FILE.findall(answer))
        return found

    def _entries(self, name: str) -> Iterator[tuple[str, Any]]:
        """The entries of a list and the layers that give them."""
        for layer in self._layers.values():
            for entry in layer.lists.get(name, ()):
                yield layer.id, entry

    def _reach(self, layers: set[str]) -> Reach:
        """The choices with which a project has one of these layers, and all that are offered."""
        having = [choices for choices, present in self._combinations if layers & set(present)]
        return {
            option: ({choices[option] for choices in having}, {choices[option] for choices, _ in self._combinations})
            for option in self.idea.options
        }


@dataclass(frozen=True)
class FoundFile:
    """A file in some projects of an edition."""

    edition: Edition
    path: str
    test: str
    reach: Reach


def _applies(case: Case, idea: Idea, contract: Contract) -> bool:
    """Whether a case is about some project of an idea."""
    auths = idea.offered("auth", {}) if "auth" in idea.options else [_NOBODY]
    absent = dict(contract.unavailable)
    if "cache" not in idea.options:
        absent["cache"] = "no project of the idea has a cache"
    return any(
        not why_not(case, Facts(auth=auth, managed=True, unavailable=absent, signup=contract.signup)) for auth in auths
    )
