"""Commands that pass on what stands behind ``--``: ``scaffold exec links -- npm test``."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperCommand

_META = "generator.cli.dashes"


class CommandWithDashes(TyperCommand):
    """A command whose own arguments end at ``--``; :func:`behind` has the rest."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Keep the rest away from the parser: a lone word in it would be taken for the folder."""
        place = args.index("--") if "--" in args else None
        ctx.meta[_META] = None if place is None else args[place + 1 :]
        return super().parse_args(ctx, args if place is None else args[:place])

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """What help shows behind the name."""
        return [*super().collect_usage_pieces(ctx), "--", "ARGS..." if self.name == "test" else "COMMAND..."]


def behind(ctx: typer.Context) -> list[str] | None:
    """What stands behind ``--``; None if there is no ``--``.

    Args:
        ctx: the command's.
    """
    rest: list[str] | None = ctx.meta.get(_META)
    return rest
