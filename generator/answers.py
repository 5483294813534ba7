"""Answers on their way to a spec: gathered from flags, ``--data`` and a file, completed by prompts or defaults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from generator.catalog import Catalog, Idea
from generator.errors import RefusedChoice, ScaffoldError
from generator.naming import slugify, title_from
from generator.options import FRAMEWORK, Answer
from generator.spec import ProjectSpec
from generator.staging import absolute, check_destination


class Interviewer(Protocol):
    """Asks a person for what was not given; see :mod:`generator.prompts`."""

    def idea(self) -> str:
        """The id of an idea."""
        ...

    def choice(self, option: str, offered: Sequence[str]) -> str:
        """One of the offered choices of an option."""
        ...

    def name(self, idea: Idea, framework: str) -> str:
        """A project name that can be used."""
        ...

    def question(self, key: str, question: Mapping[str, Any]) -> Any:
        """The answer to a question that is no option."""
        ...


@dataclass
class Answers:
    """What was given on the command line; ``None`` is what still has to be asked or defaulted.

    Attributes:
        choices: option id → choice id.
        others: answers to shared questions that are no options, and to the idea's own.
    """

    idea: str | None = None
    name: str | None = None
    slug: str | None = None
    destination: Path | None = None
    choices: dict[str, str] = field(default_factory=dict)
    others: dict[str, Any] = field(default_factory=dict)

    def complete(self, catalog: Catalog, *, asker: Interviewer | None, defaults: bool) -> tuple[ProjectSpec, Path]:
        """Fill in the rest and validate.

        Args:
            asker: asks a person; ``None`` without a terminal.
            defaults: take defaults instead of asking.

        Returns:
            The spec and the destination, absolute.

        Raises:
            ScaffoldError: something is missing that cannot be asked for, or something given is refused.
        """
        if asker is None and not defaults:
            self._require_everything(catalog)
        if self.idea is None:
            if asker is None:
                raise ScaffoldError("No idea was named", "Give one, such as 'scaffold new url-shortener'.")
            self.idea = asker.idea()
        idea = catalog.idea(self.idea)
        catalog.check_choices(idea, self.choices)
        if self.destination is not None:
            check_destination(absolute(self.destination))
        given = self._given_name()
        if given is not None:
            title_from(given)
            slugify(self.slug or given)  # refused before the questions; what the framework reserves, right after it
        self._ask_choices(catalog, idea, asker, given)
        self._ask_others(catalog, idea, asker)
        name = given or (asker.name(idea, self.choices[FRAMEWORK]) if asker else idea.id)
        spec = ProjectSpec.create(
            catalog, idea=idea.id, name=name, choices=self.choices, answers=self.others, slug=self.slug
        )
        destination = absolute(self.destination if self.destination is not None else Path(spec.slug))
        check_destination(destination)
        return spec, destination

    def _ask_choices(self, catalog: Catalog, idea: Idea, asker: Interviewer | None, name: str | None) -> None:
        if asker is None:
            return
        for option in idea.options:
            if option not in self.choices:
                offered = idea.offered(option, self.choices)
                self.choices[option] = asker.choice(option, offered) if len(offered) > 1 else offered[0]
            if option == FRAMEWORK and name is not None:
                slugify(self.slug or name, reserved=catalog.package_names(self.choices[option]))

    def _ask_others(self, catalog: Catalog, idea: Idea, asker: Interviewer | None) -> None:
        """Ask, or take what this machine knows; defaults that the question itself has are the spec's business."""
        for key, answer in catalog.answers.items():
            if key not in self.others:
                default = _default(answer)
                self.others[key] = asker.question(key, {**answer.form, "default": default}) if asker else default
        for key, question in idea.questions.items():
            if key not in self.others and asker is not None:
                self.others[key] = asker.question(key, question)

    def _given_name(self) -> str | None:
        if self.name is not None or self.destination is None:
            return self.name
        return absolute(self.destination).name

    def _require_everything(self, catalog: Catalog) -> None:
        missing = [] if self.idea else ["IDEA"]
        if self.name is None and self.destination is None:
            missing.append("DEST")
        options: Sequence[str] = tuple(catalog.options)
        if self.idea:
            idea = catalog.idea(self.idea)
            catalog.check_choices(idea, self.choices)
            options = idea.options
        missing += [f"--{option}" for option in options if option not in self.choices]
        if missing:
            raise ScaffoldError(
                f"There is no terminal to ask in, and these are missing: {' '.join(missing)}",
                "Give them, or --yes to take the defaults.",
            )


def _default(answer: Answer) -> Any:
    """The default of a shared question, looked up where it says."""
    if answer.default_from == "git-user-name":
        from generator.git import user_name

        return user_name() or answer.form.get("default")
    return answer.form.get("default")


def collect(
    catalog: Catalog,
    *,
    idea: str | None,
    dest: Path | None,
    name: str | None,
    slug: str | None,
    flags: Mapping[str, str | None],
    data: Sequence[str],
    data_file: Path | None,
) -> Answers:
    """Gather answers; a flag wins over ``--data``, which wins over the file.

    Args:
        flags: those of the catalogue's options and shared questions.
        data_file: ``key: value`` lines, or the ``.scaffold.yml`` of a project.

    Raises:
        ScaffoldError: the file cannot be read, or an entry is not ``KEY=VALUE``.
    """
    from_flags: dict[str, Any] = {}
    for entry in data:
        key, separator, value = entry.partition("=")
        if not separator or not key:
            raise ScaffoldError(f"--data {entry!r} is not KEY=VALUE", "Write --data key=value.")
        from_flags[key] = value
    from_file = _from_file(data_file) if data_file is not None else {}
    if name is not None or "name" in from_flags:
        from_file.pop("slug", None)  # it belongs to the name in the file
    merged = {**from_file, **from_flags, **{key: value for key, value in flags.items() if value is not None}}
    for key, given in (("idea", idea), ("name", name), ("slug", slug)):
        if given is not None:
            merged[key] = given
    for key in ("idea", "name", "slug", *catalog.options):
        if key in merged and not isinstance(merged[key], str):
            kind = type(merged[key]).__name__
            raise RefusedChoice(f"The answer to '{key}' is not text but of the type {kind}", "Quote it in the file.")
    return Answers(
        idea=merged.pop("idea", None),
        name=merged.pop("name", None),
        slug=merged.pop("slug", None),
        destination=dest,
        choices={option: merged.pop(option) for option in catalog.options if option in merged},
        others=merged,
    )


def _from_file(file: Path) -> dict[str, Any]:
    """The answers in a YAML file; what a project records lies one level deeper, beside what is no answer."""
    from generator.layers import read_yaml

    try:
        given = read_yaml(file)
    except ScaffoldError as error:
        raise ScaffoldError(error.message, "Give a file of 'key: value' lines with --data-file.") from error
    if "scaffold_version" not in given:
        return given
    flat = {key: value for key, value in given.items() if key not in {"scaffold_version", "command", "project"}}
    for group in ("choices", "answers"):
        inner = flat.pop(group, {})
        if not isinstance(inner, dict):
            raise ScaffoldError(f"{file}: '{group}' does not hold a mapping", "Restore the file.")
        flat.update(inner)
    project = given.get("project")
    return flat if project is None else {**flat, "name": flat.get("name", project), "slug": project}
