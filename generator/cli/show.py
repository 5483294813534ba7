"""``scaffold show``: one idea, its options, and what has been proven."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any

import typer

from generator.cli.completion import ideas


def show(
    idea: Annotated[str, typer.Argument(metavar="IDEA", help="Such as url-shortener.", autocompletion=ideas)],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a script.")] = False,
) -> None:
    """Show an idea: what it teaches, its endpoints, its options, and which combinations are proven."""
    from generator.catalog import Catalog
    from generator.ledger import STATES, Ledger

    catalog = Catalog.load()
    chosen = catalog.idea(idea)
    ledger = Ledger.read(catalog, chosen)
    standings = [(combination, ledger.standing(combination)) for combination in chosen.combinations()]
    if as_json:
        import json

        about: dict[str, Any] = {
            "id": chosen.id,
            "level": chosen.level,
            "title": chosen.title,
            "summary": chosen.summary,
            "teaches": list(chosen.teaches),
            "endpoints": [{"method": method, "path": path} for method, path in chosen.endpoints],
            "options": {
                option: [choice for choice in catalog.options[option].ids if choice in _used(chosen, option)]
                for option in chosen.options
            },
            "combinations": [
                {
                    **combination,
                    "proof": standing.state,
                    "date": standing.date or None,
                    "runsOn": list(standing.runs_on),
                    "changed": list(standing.changed),
                }
                for combination, standing in standings
            ],
        }
        typer.echo(json.dumps(about, indent=2))
        return
    from generator.cli.terminal import out

    console = out()
    console.print(f"[bold]{chosen.title}[/] ({chosen.level})\n{chosen.summary}\n")
    console.print("[bold]It teaches[/]")
    for line in chosen.teaches:
        console.print(f"  {line}")
    console.print("\n[bold]Endpoints[/]")
    for method, path in chosen.endpoints:
        console.print(f"  {method:<6} {path}", markup=False)
    console.print("\n[bold]Options[/]")
    for option in chosen.options:
        ids = [choice for choice in catalog.options[option].ids if choice in _used(chosen, option)]
        console.print(f"  --{option:<10} {', '.join(ids)}", markup=False)
    counts = Counter(standing.state for _, standing in standings)
    words = ", ".join(f"{counts[state]} {state}" for state in STATES if counts[state])
    console.print(f"\n[bold]Combinations[/]: {len(standings)}, of them {words} as they are now")
    for combination, standing in standings:
        words = " ".join(f"{choice:<10}" for choice in combination.values())
        proof = f"{standing.state:<9} {standing.date:<10} {', '.join(standing.runs_on)}"
        console.print(f"  {words} {proof}".rstrip(), markup=False)


def _used(idea: Any, option: str) -> set[str]:
    return {combination[option] for combination in idea.combinations()}
