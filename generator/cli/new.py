"""``scaffold new``: ask what was not given, plan, render."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from generator.cli import flags
from generator.cli.completion import ideas

if TYPE_CHECKING:
    from generator.answers import Answers
    from generator.catalog import Catalog
    from generator.cli.remarks import Made
    from generator.git import Repository
    from generator.ledger import Standing
    from generator.plan import Plan
    from generator.spec import ProjectSpec


def new(
    ctx: typer.Context,
    idea: Annotated[
        str | None,
        typer.Argument(metavar="IDEA", help="What to build, such as url-shortener.", autocompletion=ideas),
    ] = None,
    dest: Annotated[
        Path | None,
        typer.Argument(metavar="DEST", help="The folder to make or fill, '.' for this one; its name is the project's."),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option("--name", metavar="NAME", help="The project's name, in any script, if not the folder's."),
    ] = None,
    slug: Annotated[
        str | None,
        typer.Option("--slug", metavar="SLUG", help="The name for packages and containers, if not made of the name."),
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
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a script: what was made, and where.")] = False,
) -> None:
    """Generate a project: asks only for what was not given."""
    from generator.answers import collect
    from generator.catalog import Catalog
    from generator.cli.remarks import Made
    from generator.cli.terminal import interactive
    from generator.filling import kept
    from generator.plan import make_plan
    from generator.staging import absolute, remove_abandoned

    catalog = Catalog.load()
    given = collect(
        catalog,
        idea=idea,
        dest=dest,
        name=name,
        slug=slug,
        flags=flags.given(ctx),
        data=data or [],
        data_file=data_file,
    )
    chosen = dict(given.choices)
    if not dry_run:
        remove_abandoned(absolute(dest or Path("project")))
    if not yes and interactive():
        given.check(catalog, interactive=True)
        spec, destination = _interview(catalog, given)
    else:
        spec, destination = given.complete(catalog, defaults=yes)
    plan = make_plan(catalog, spec)
    here = tuple(kept(destination))
    left_out = {file.instead for file in here}
    made = Made(
        spec,
        destination,
        files=tuple(file.path for file in plan.files if file.path not in left_out),
        standing=_standing(catalog, spec),
        kept=here,
        given=chosen,
    )
    if dry_run:
        _print_files(catalog, made, as_json=as_json)
        return
    made = replace(made, repository=_write(plan, destination, git=git))
    if not as_json:
        _created(catalog, made)
    if install:
        made = replace(made, further=_install(destination, made.repository))
    if as_json:
        _print_json(catalog, made, written=True)
        return
    for line in made.further:
        typer.echo(line)
    _next_steps(spec, destination)


def _interview(catalog: Catalog, given: Answers) -> tuple[ProjectSpec, Path]:
    from generator.cli.remarks import about_kept, proof_in_brief
    from generator.filling import kept
    from generator.interview import Interview
    from generator.prompts import Asker

    def proof(spec: ProjectSpec) -> str:
        return proof_in_brief(_standing(catalog, spec))

    return Interview(catalog, given, Asker(), proof, lambda folder: about_kept(kept(folder))).run()


def _print_files(catalog: Catalog, made: Made, *, as_json: bool) -> None:
    if as_json:
        _print_json(catalog, made, written=False)
        return
    for file in made.files:
        typer.echo((made.folder / file).as_posix())


def _print_json(catalog: Catalog, made: Made, *, written: bool) -> None:
    import json

    from generator.cli.remarks import as_json

    typer.echo(json.dumps(as_json(catalog, made, written=written), indent=2))


def _write(plan: Plan, destination: Path, *, git: bool) -> Repository | None:
    """Write the project; returns what became of its git repository, None where none was wanted."""
    from generator.git import start_repository
    from generator.render import render

    started: list[Repository] = []
    render(plan, destination, finish=(lambda folder: started.append(start_repository(folder))) if git else None)
    return started[0] if started else None


def _install(destination: Path, repository: Repository | None) -> tuple[str, ...]:
    """Install the dependencies; the lock file that this writes belongs to the first commit.

    Returns:
        what its owner should know.
    """
    from generator.cli.terminal import progress
    from generator.git import add_to_first_commit
    from generator.project import Project
    from generator.runtime.commands import install_project
    from generator.runtime.install import LOCKS

    install_project(Project.load(destination), progress=progress)
    if not repository or repository.state not in {"committed", "staged"}:
        return ()
    remark = add_to_first_commit(destination, [name for name in LOCKS if (destination / name).is_file()])
    return (remark,) if remark else ()


def _standing(catalog: Catalog, spec: ProjectSpec) -> Standing:
    from generator.ledger import Ledger

    return Ledger.read(catalog, catalog.idea(spec.idea)).standing(spec.choices)


def _created(catalog: Catalog, made: Made) -> None:
    import sys

    from generator.cli.folding import folded
    from generator.cli.remarks import remarks
    from generator.cli.terminal import coloured
    from generator.paths import relative

    typer.echo(f"{coloured('Created')} {relative(made.folder)}")
    for line in remarks(catalog, made):
        typer.echo(folded(line, sys.stdout))


def _next_steps(spec: ProjectSpec, destination: Path) -> None:
    import shlex

    from generator.paths import relative

    shown, program = relative(destination), _program()
    steps = [
        "",
        "Next steps:",
        *([] if shown == "." else [f"  cd {shlex.quote(shown)}"]),
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
