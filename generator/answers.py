"""Answers on their way to a spec: gathered from flags, ``--data`` and a file, completed by prompts or defaults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.catalog import Catalog
from generator.errors import RefusedChoice, ScaffoldError
from generator.naming import slugify, title_from
from generator.options import FRAMEWORK, Answer
from generator.spec import ProjectSpec
from generator.staging import absolute, check_destination


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

    def complete(self, catalog: Catalog, *, defaults: bool) -> tuple[ProjectSpec, Path]:
        """Fill in the rest by defaults and validate.

        Args:
            defaults: whether the defaults may be taken.

        Returns:
            The spec and the destination, absolute.

        Raises:
            ScaffoldError: something is missing that may not be defaulted, or something given is refused.
        """
        if not defaults:
            self._require_everything(catalog)
        if self.idea is None:
            raise ScaffoldError("No idea was named", "Give one, such as 'scaffold new url-shortener'.")
        self.check(catalog)
        name = self.usable_name() or self.idea
        looked_up = {key: default_of(answer) for key, answer in catalog.answers.items() if key not in self.others}
        spec = ProjectSpec.create(
            catalog,
            idea=self.idea,
            name=name,
            choices=self.choices,
            answers={**looked_up, **self.others},
            slug=self.slug,
        )
        destination = absolute(self.destination if self.destination is not None else Path(spec.slug))
        check_destination(destination)
        return spec, destination

    def check(self, catalog: Catalog, *, interactive: bool = False) -> None:
        """Refuse what was given before anything is asked for or made.

        Args:
            interactive: whether another name than the folder's can be asked for.
        """
        if self.idea is not None:
            idea = catalog.idea(self.idea)
            catalog.check_choices(idea, self.choices)
            unknown = sorted(set(self.others) - set(idea.questions) - set(catalog.answers), key=str)
            if unknown:
                known = ", ".join(idea.questions) or "none"
                raise RefusedChoice(f"{idea.id} has no question '{unknown[0]}'", f"Its own questions: {known}.")
        if self.destination is not None:
            check_destination(absolute(self.destination))
        name = self.usable_name(refuse=not interactive)
        if self.slug is not None or name is not None:
            framework = self.choices.get(FRAMEWORK)
            slugify(self.slug or str(name), reserved=catalog.package_names(framework) if framework else ())

    def usable_name(self, *, refuse: bool = True) -> str | None:
        """The name that was given, or the folder's; None without either.

        Args:
            refuse: whether to raise if the folder's name is none for a project, instead of leaving it out.
        """
        if self.name is not None or self.destination is None:
            if self.name is not None:
                title_from(self.name)
            return self.name
        name = absolute(self.destination).name
        try:
            title_from(name)
            slugify(self.slug or name)
        except ScaffoldError:
            if refuse:
                raise
            return None
        return name

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


def default_of(answer: Answer) -> Any:
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
    if idea == "." and dest is None:
        raise ScaffoldError("'.' is a folder, and the idea comes before it", "Write 'scaffold new url-shortener .'.")
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
