"""``scaffold new``: ask what was not given, plan, render."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from generator.cli import flags
from generator.cli.completion import ideas

if TYPE_CHECKING:
    from generator.catalog import Catalog
    from generator.plan import Plan
    from generator.spec import ProjectSpec


def new(
    ctx: typer.Context,
    idea: Annotated[
        str | None,
        typer.Argument(metavar="IDEA", help="What to build, such as url-shortener.", autocompletion=ideas),
    ] = None,
    dest: Annotated[
        Path | None, typer.Argument(metavar="DEST", help="The folder to make; its name is the project's name.")
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="The project's name, if not the folder's.")
    ] = None,
    data: Annotated[
        list[str] | None, typer.Option("--data", "-d", metavar="KEY=VALUE", help="An answer by its key; repeatable.")
    ] = None,
    data_file: Annotated[
        Path | None,
        typer.Option("--data-file", metavar="FILE", help="Answers from a YAML file; flags win over it."),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", "--defaults", help="Take the default of everything not given.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", "-n", help="List the files and write nothing.")] = False,
    git: Annotated[bool, typer.Option("--git/--no-git", help="Start a git repository in the project.")] = True,
    install: Annotated[
        bool, typer.Option("--install/--no-install", help="Install its dependencies afterwards.")
    ] = False,
) -> None:
    """Generate a project: asks only for what was not given."""
    from generator.answers import collect
    from generator.catalog import Catalog
    from generator.cli.terminal import interactive
    from generator.plan import make_plan
    from generator.staging import absolute, remove_abandoned

    catalog = Catalog.load()
    given = collect(
        catalog, idea=idea, dest=dest, name=name, flags=flags.given(ctx), data=data or [], data_file=data_file
    )
    if not dry_run:
        remove_abandoned(absolute(dest or Path("project")))
    asker = None
    if not yes and interactive():
        from generator.prompts import Asker

        asker = Asker(catalog)
    spec, destination = given.complete(catalog, asker=asker, defaults=yes)
    plan = make_plan(catalog, spec)
    if dry_run:
        for file in plan.files:
            typer.echo((destination / file.path).as_posix())
        return
    proof = _proof(catalog, spec)
    remark = _write(plan, destination, git=git)
    _created(destination, proof=proof, remark=remark)
    if install:
        _install(destination, git=git)
    _next_steps(spec, destination)


def _write(plan: Plan, destination: Path, *, git: bool) -> str | None:
    """Write the project; returns what its owner should know of its git repository."""
    from generator.git import start_repository
    from generator.render import render

    remarks: list[str | None] = []
    render(plan, destination, finish=(lambda folder: remarks.append(start_repository(folder))) if git else None)
    return remarks[0] if remarks else None


def _install(destination: Path, *, git: bool) -> None:
    """Install the dependencies; the lock file that this writes belongs to the first commit."""
    from generator.cli.terminal import progress
    from generator.git import add_to_first_commit
    from generator.project import Project
    from generator.runtime.commands import install_project
    from generator.runtime.install import LOCKS

    install_project(Project.load(destination), progress=progress)
    if git:
        remark = add_to_first_commit(destination, [name for name in LOCKS if (destination / name).is_file()])
        if remark:
            typer.echo(remark)


def _proof(catalog: Catalog, spec: ProjectSpec) -> str:
    from generator.ledger import Ledger

    idea = catalog.idea(spec.idea)
    return Ledger.read(idea).state(catalog, idea, spec.choices)


def _created(destination: Path, *, proof: str, remark: str | None) -> None:
    from generator.cli.terminal import coloured

    typer.echo(f"{coloured('Created')} {_relative(destination)}")
    if proof != "proven":
        typer.echo(f"This combination is {proof}: nobody has run its contract in this form yet.")
    if remark:
        typer.echo(remark)


def _next_steps(spec: ProjectSpec, destination: Path) -> None:
    import shlex

    shown, program = _relative(destination), _program()
    steps = [
        "",
        "Next steps:",
        f"  cd {shlex.quote(shown)}",
        f"  {program} run      # installs what is missing, migrates, starts",
        f"  {program} check    # runs its contract",
        "",
        "To make the same project again:",
        f"  {spec.command(shown)}",
    ]
    typer.echo("\n".join(steps))


def _program() -> str:
    """This command, as it can be typed from another folder."""
    import shlex
    import shutil
    import sys

    called = Path(sys.argv[0])
    if shutil.which("scaffold") or called.name != "scaffold" or not called.exists():
        return "scaffold"
    return shlex.quote(str(called.absolute()))


def _relative(destination: Path) -> str:
    """The destination as the user would type it from here."""
    try:
        shown = destination.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return destination.as_posix()
    return f"./{shown}" if shown.startswith("-") else shown
