"""A generated project on disk: its ``.scaffold.yml`` and its commands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator import __version__
from generator.errors import ScaffoldError

MANIFEST = ".scaffold.yml"
KEYS = ("scaffold_version", "idea", "project", "framework", "database", "auth", "cache", "command")
STATE = ".scaffold"


@dataclass(frozen=True)
class Project:
    """What ``.scaffold.yml`` says.

    Attributes:
        folder: where the project lies, absolute.
        scaffold_version: the version that made it.
        idea: id of the idea.
        slug: the project's name.
        framework: id of the framework.
        database: id of the database.
        auth: id of the auth choice.
        cache: id of the cache.
        made_by: the command that makes it again.
    """

    folder: Path
    scaffold_version: str
    idea: str
    slug: str
    framework: str
    database: str
    auth: str
    cache: str
    made_by: str

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
        if missing:
            raise ScaffoldError(
                f"{folder / MANIFEST} has no usable {', '.join(missing)}", "Restore it, or generate the project again"
            )
        given = {key: values[key] for key in KEYS}
        slug, made_by = given.pop("project"), given.pop("command")
        project = cls(folder=folder, slug=slug, made_by=made_by, **given)
        project._check_choices()
        return project

    def _check_choices(self) -> None:
        """Refuse what the catalogue does not know."""
        from generator.catalog import Catalog

        catalog = Catalog.load()
        choices = {"framework": self.framework, "database": self.database, "auth": self.auth, "cache": self.cache}
        try:
            catalog.check_choices(catalog.idea(self.idea), choices)
        except ScaffoldError as error:
            raise ScaffoldError(f"{self.folder / MANIFEST}: {error.message}", error.fix) from error

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
            raise ScaffoldError(f"{self.state} cannot be written: {error.strerror}", "Make it writable") from error
        return self.state

    def commands(self) -> dict[str, tuple[str, ...]]:
        """Every command of the project, as argument lists."""
        from generator.catalog import Catalog

        return Catalog.load().commands(self.framework)

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
