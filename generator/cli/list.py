"""``scaffold list``: the ideas, by level."""

from __future__ import annotations

from typing import Annotated

import typer


def list_ideas(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a script.")] = False,
) -> None:
    """List the ideas by level, with the frameworks each is built for."""
    from generator.catalog import Catalog

    catalog = Catalog.load()
    if as_json:
        import json

        ideas = [
            {
                "id": idea.id,
                "level": idea.level,
                "title": idea.title,
                "summary": idea.summary,
                "frameworks": list(idea.offers),
                "combinations": sum(1 for _ in idea.combinations()),
            }
            for idea in catalog.ideas.values()
        ]
        typer.echo(json.dumps({"ideas": ideas}, indent=2))
        return
    from generator.cli.terminal import out

    console, level = out(), None
    for idea in catalog.ideas.values():
        if idea.level != level:
            level = idea.level
            console.print(f"[bold]{level}[/]")
        console.print(f"  [cyan]{idea.id}[/]  {idea.summary}  ({', '.join(idea.offers)})")
    console.print("\nMore about one: scaffold show IDEA. What to learn in which order: scaffold roadmap")
