"""What the shell completes: ideas and choices, as the catalogue has them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import typer


def ideas(ctx: typer.Context, incomplete: str) -> Iterable[tuple[str, str]]:
    """Ideas that begin with what was typed, each with its summary."""
    from generator.catalog import Catalog

    return [(idea.id, idea.summary) for idea in Catalog.load().ideas.values() if idea.id.startswith(incomplete)]


def choices(option: str) -> Callable[[typer.Context, str], Iterable[str]]:
    """A completion of one option: the choices that go together with the flags given so far.

    Args:
        option: such as ``database``.
    """

    def complete(ctx: typer.Context, incomplete: str) -> Iterable[str]:
        from generator.catalog import OPTIONS, Catalog

        given = {name: ctx.params[name] for name in OPTIONS if name != option and ctx.params.get(name)}
        catalog = Catalog.load()
        named = ctx.params.get("idea")
        meant = [catalog.ideas[named]] if named in catalog.ideas else catalog.ideas.values()
        offered = {choice for idea in meant for choice in idea.offered(option, given)}
        return sorted(choice for choice in offered if choice.startswith(incomplete))

    return complete
