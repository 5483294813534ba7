"""``scaffold test``: a project's own tests, with whatever they need."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from generator.cli.dashes import behind


def run_tests(
    ctx: typer.Context,
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="The project's folder.")] = Path(),
    install: Annotated[bool, typer.Option("--install/--no-install", help="Install the dependencies first.")] = True,
) -> None:
    """Run a project's own tests on databases of their own; what stands behind -- is for the test runner.

    The exit code is the test runner's.
    """
    from generator.cli.live import progress
    from generator.project import Project
    from generator.runtime.bench import Bench

    project = Project.load(directory)
    with progress() as lines:
        project.tell_version(lines)
        with Bench(project, lines) as bench:
            code = bench.test(behind(ctx) or [], install=install)
    raise typer.Exit(code)
