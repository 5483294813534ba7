"""What the shell completes: ideas and choices, as the catalogue has them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import typer


def ideas(ctx: typer.Context, incomplete: str) -> Iterable[tuple[str, str]]:
    """Ideas that begin with what was typed, each with its summary."""
    from generator.catalog import Catalog

    return [(idea.id, idea.summary) for idea in Catalog.load().ideas.values() if idea.id.startswith(incomplete)]


def steps(incomplete: str) -> Iterable[tuple[str, str]]:
    """Steps of the road map that begin with what was typed, each with its title."""
    from generator.paths import templates_root
    from generator.roadmap.steps import read_steps

    return [(step.id, step.title) for step in read_steps(templates_root()) if step.id.startswith(incomplete)]


def auths(incomplete: str) -> list[str]:
    """Ways to sign in that begin with what was typed, and ``auto``."""
    from generator.catalog import Catalog

    known = Catalog.load().options["auth"].ids
    return [auth for auth in ("auto", *known) if auth.startswith(incomplete)]


def choices(option: str) -> Callable[[typer.Context, str], Iterable[str]]:
    """A completion of one option: the choices that go together with the flags given so far.

    Args:
        option: such as ``database``.
    """

    def complete(ctx: typer.Context, incomplete: str) -> Iterable[str]:
        from generator.catalog import Catalog
        from generator.cli.flags import given_so_far

        catalog = Catalog.load()
        given = {name: choice for name, choice in given_so_far(ctx).items() if name in catalog.options}
        given.pop(option, None)
        named = ctx.params.get("idea")
        meant = [catalog.ideas[named]] if named in catalog.ideas else catalog.ideas.values()
        offered = {choice for idea in meant if option in idea.options for choice in idea.offered(option, given)}
        return sorted(choice for choice in offered if choice.startswith(incomplete))

    return complete
