"""The flags of ``new`` that the catalogue decides: one for each option and for each shared question.

They are made when that command is parsed, helped with or completed, so that the other commands do not read the
catalogue.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from generator.cli.completion import choices
from generator.errors import CatalogError

if TYPE_CHECKING:
    from generator.catalog import Catalog

_FLAGS, _VALUES = f"{__name__}.flags", f"{__name__}.values"
_PREFIX = "shared_"
_BEHIND = "name"


class CommandWithFlags(TyperCommand):
    """A command with the catalogue's flags behind its own ``--name``; :func:`given` has their values."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Its own parameters and the catalogue's."""
        own = super().get_params(ctx)
        if _FLAGS not in ctx.meta:
            ctx.meta[_FLAGS] = _make_flags({flag for parameter in own for flag in parameter.opts})
        place = next((place for place, parameter in enumerate(own, 1) if parameter.name == _BEHIND), len(own))
        return [*own[:place], *ctx.meta[_FLAGS], *own[place:]]

    def invoke(self, ctx: Any) -> Any:
        """Run it, with the values of the catalogue's flags kept out of its own arguments."""
        names = [parameter.name for parameter in ctx.meta.get(_FLAGS, ())]
        ctx.meta[_VALUES] = {_id(name): ctx.params.pop(name) for name in names if name in ctx.params}
        return super().invoke(ctx)


def given(ctx: typer.Context) -> dict[str, str | None]:
    """The values of the catalogue's flags by option or question; None for one that was not given."""
    values: dict[str, str | None] = ctx.meta.get(_VALUES, {})
    return values


def given_so_far(ctx: typer.Context) -> dict[str, str]:
    """The same while a command line is completed."""
    return {_id(name): value for name, value in ctx.params.items() if name.startswith(_PREFIX) and value}


def _make_flags(taken: set[str]) -> list[Any]:
    """Typer's parameters for the catalogue's flags.

    Args:
        taken: flags that the command has itself.

    Raises:
        CatalogError: an option is called like one of them.
    """
    from generator.catalog import Catalog

    parameters = []
    for key, kept in _settings(Catalog.load()).items():
        if f"--{key}" in taken:
            raise CatalogError(f"questions.yml asks '{key}', which is a flag of 'scaffold new'", "Rename it.")
        parameters.append(
            inspect.Parameter(
                _PREFIX + key.replace("-", "_"),
                inspect.Parameter.KEYWORD_ONLY,
                default=None,
                annotation=Annotated[str | None, typer.Option(f"--{key}", **kept)],
            )
        )

    def command(**_: Any) -> None:
        pass

    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    app = typer.Typer(add_completion=False)
    app.command()(command)
    return list(typer.main.get_command(app).params)


def _settings(catalog: Catalog) -> dict[str, dict[str, Any]]:
    """What Typer is told of each flag, by option or question."""
    flags: dict[str, dict[str, Any]] = {}
    for key, option in catalog.options.items():
        about = f"{option.question} {', '.join(option.ids)}"
        flags[key] = {"metavar": "ID", "help": about, "autocompletion": choices(key)}
    for key, answer in catalog.answers.items():
        allowed = answer.form.get("choices")
        ids = list(allowed.values() if isinstance(allowed, dict) else allowed or [])
        about = str(answer.form.get("help", key))
        flags[key] = {"metavar": "ID" if ids else "TEXT", "help": f"{about} {', '.join(ids)}".strip()}
        if ids:
            flags[key]["autocompletion"] = _among(ids)
    return flags


def _among(ids: list[str]) -> Any:
    def complete(incomplete: str) -> list[str]:
        return [one for one in ids if one.startswith(incomplete)]

    return complete


def _id(name: str) -> str:
    return name.removeprefix(_PREFIX).replace("_", "-")
