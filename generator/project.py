"""A generated project on disk: its ``.scaffold.yml`` and its commands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator import __version__
from generator.errors import ScaffoldError
from generator.options import FRAMEWORK

MANIFEST = ".scaffold.yml"
KEYS = ("scaffold_version", "idea", "project", "command")
STATE = ".scaffold"


@dataclass(frozen=True)
class Project:
    """What ``.scaffold.yml`` says.

    Attributes:
        folder: where the project lies, absolute.
        scaffold_version: the version that made it.
        idea: id of the idea.
        slug: the project's name.
        choices: option id → choice id, for every option that it has.
        made_by: the command that makes it again.
    """

    folder: Path
    scaffold_version: str
    idea: str
    slug: str
    choices: Mapping[str, str]
    made_by: str

    @property
    def framework(self) -> str:
        """Id of the framework."""
        return self.choices[FRAMEWORK]

    @property
    def auth(self) -> str:
        """How users sign in, as the contract names it; ``none`` in a project without the option."""
        return self.choices.get("auth", "none")

    @classmethod
    def load(cls, path: Path | str = ".") -> Project:
        """Read the project in a folder.

        Args:
            path: the folder that holds ``.scaffold.yml``.

        Raises:
            ScaffoldError: it is missing or malformed, or names a choice that does not exist.
        """
        folder = Path(path).absolute()
        values = _read(folder / MANIFEST)
        missing = [key for key in KEYS if not isinstance(values.get(key), str)]
        choices = values.get("choices", values)
        if not isinstance(choices, dict) or not isinstance(choices.get(FRAMEWORK), str):
            missing.append(FRAMEWORK)
        if missing:
            raise ScaffoldError(
                f"{folder / MANIFEST} has no usable {', '.join(missing)}", "Restore it, or generate the project again"
            )
        return cls(
            folder=folder,
            scaffold_version=values["scaffold_version"],
            idea=values["idea"],
            slug=values["project"],
            choices=_known_choices(folder / MANIFEST, values["idea"], choices),
            made_by=values["command"],
        )

    def tell_version(self, progress: Callable[[str], None]) -> None:
        """Say so when another version of this program made the project: its commands and contract may differ."""
        if self.scaffold_version != __version__:
            progress(f"{self.slug} was made by scaffold {self.scaffold_version}; this is {__version__}")

    @property
    def state(self) -> Path:
        """The git-ignored folder for what is kept between runs; made when first used."""
        return self.folder / STATE

    def make_state(self) -> Path:
        """Make that folder, ignoring itself, and return it.

        Raises:
            ScaffoldError: the project cannot be written.
        """
        try:
            self.state.mkdir(exist_ok=True)
            ignore = self.state / ".gitignore"
            if not ignore.exists():
                ignore.write_text("*\n", encoding="utf-8")
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise ScaffoldError(
                f"{self.state} cannot be written: {reason}", "Make it writable, or copy the project elsewhere"
            ) from error
        return self.state

    def commands(self) -> dict[str, tuple[str, ...]]:
        """Every command of the project, as argument lists."""
        from generator.catalog import Catalog
        from generator.plan import commands_of
        from generator.spec import ProjectSpec

        return commands_of(Catalog.load(), ProjectSpec(self.idea, self.slug, self.choices))

    def command(self, name: str) -> tuple[str, ...]:
        """One command as an argument list, to be run in the project's folder.

        Args:
            name: ``install``, ``format``, ``lint``, ``typecheck``, ``test``, ``migrate``, ``seed`` or ``start``.

        Raises:
            ScaffoldError: this framework has no such command.
        """
        commands = self.commands()
        if name not in commands:
            raise ScaffoldError(f"{self.framework} has no command {name!r}", f"It has {', '.join(sorted(commands))}")
        return commands[name]


def _known_choices(file: Path, idea_id: str, given: Mapping[str, Any]) -> dict[str, str]:
    """The choices of a project, one for every option of its idea.

    Args:
        file: its ``.scaffold.yml``, for errors.
        given: what that file says; before there was ``choices``, the options stood beside the other keys.

    Raises:
        ScaffoldError: the catalogue does not know one of them, or one is missing.
    """
    from generator.catalog import Catalog

    catalog = Catalog.load()
    try:
        idea = catalog.idea(idea_id)
        unknown = [option for option in given if option in catalog.options and option not in idea.options]
        missing = [option for option in idea.options if not isinstance(given.get(option), str)]
        if missing and not unknown:
            raise ScaffoldError(f"It has no usable {', '.join(missing)}", "Restore it, or generate the project again")
        choices = {option: given[option] for option in (*idea.options, *unknown)}
        catalog.check_choices(idea, choices)
    except ScaffoldError as error:
        raise ScaffoldError(f"{file}: {error.message}", error.fix) from error
    return choices


def _read(file: Path) -> dict[str, Any]:
    """The mapping in a YAML file, every scalar as text (a project may be called ``123`` or ``true``)."""
    import yaml

    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ScaffoldError(
            f"{file.parent} is not a generated project: it has no {MANIFEST}", "Name a project's folder"
        ) from None
    except NotADirectoryError:
        raise ScaffoldError(f"{file.parent} is not a folder", "Name a project's folder") from None
    except OSError as error:
        raise ScaffoldError(f"{file} cannot be read: {error.strerror}", "Make it readable") from error
    except UnicodeDecodeError as error:
        raise ScaffoldError(f"{file} is not UTF-8 text", "Restore it, or generate the project again") from error
    try:
        values = yaml.load(text, Loader=yaml.BaseLoader)  # makes nothing but text
    except yaml.YAMLError as error:
        problem, mark = getattr(error, "problem", error), getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise ScaffoldError(
            f"{file}{line} is not YAML: {problem}", "Restore it, or generate the project again"
        ) from error
    if not isinstance(values, dict):
        raise ScaffoldError(f"{file} is not a mapping", "Restore it, or generate the project again")
    return values
