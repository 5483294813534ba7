"""``scaffold exec``: any command, as if the project's toolchain and servers were installed here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from generator.cli.dashes import behind
from generator.errors import ScaffoldError


def execute(
    ctx: typer.Context,
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="The project's folder.")] = Path(),
) -> None:
    """Run a command in a project's folder, with its toolchain on the path and its servers provided.

    It gets the URLs of the database and the cache that "scaffold run" uses, and others for tests. psql, mongosh
    and redis-cli find the database by themselves. The exit code is the command's.
    """
    command = behind(ctx)
    if not command:
        what = "There is no command" if command is not None or directory == Path() else f"{directory} is no command"
        raise ScaffoldError(what, "Put it behind --, such as: scaffold exec -- npm test")
    from generator.cli.live import progress
    from generator.project import Project
    from generator.runtime.bench import Bench

    project = Project.load(directory)
    with progress() as lines, Bench(project, lines) as bench:
        code = bench.execute(command)
    raise typer.Exit(code)
