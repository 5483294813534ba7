"""The command ``scaffold``: registers the commands, turns errors into one line and an exit code.

Only Typer is imported here, so that ``--help`` stays fast; each command imports what it needs when it runs.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from types import FrameType
from typing import Annotated, Any, NoReturn

import typer

from generator import __version__
from generator.cli.check import check
from generator.cli.dashes import CommandWithDashes
from generator.cli.exec import execute
from generator.cli.flags import CommandWithFlags
from generator.cli.list import list_ideas
from generator.cli.new import new
from generator.cli.roadmap import roadmap
from generator.cli.run import run
from generator.cli.show import show
from generator.cli.test import run_tests
from generator.errors import EXIT_INTERRUPTED, EXIT_OK, EXIT_REFUSED, ScaffoldError

app = typer.Typer(
    name="scaffold",
    help="Generate a complete, tested backend project, run it, and check it against its contract.",
    epilog="Example: scaffold new url-shortener my-links --framework express --database postgresql --auth jwt",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command(
    "new",
    cls=CommandWithFlags,
    epilog="Example: scaffold new url-shortener my-links --framework fastapi --yes",
)(new)
app.command("list", epilog="Example: scaffold list --json")(list_ideas)
app.command("show", epilog="Example: scaffold show url-shortener")(show)
app.command("roadmap", epilog="Example: scaffold roadmap caching")(roadmap)
app.command("run", epilog="Example: scaffold run my-links --port 8080")(run)
app.command("test", cls=CommandWithDashes, epilog="Example: scaffold test my-links")(run_tests)
app.command("exec", cls=CommandWithDashes, epilog="Example: scaffold exec my-links -- npm outdated")(execute)
app.command("check", epilog="Example: scaffold check --url http://127.0.0.1:3000 --idea url-shortener")(check)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"scaffold {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and leave.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    pass


_NO_TERMINAL = "_TYPER_FORCE_DISABLE_TERMINAL"


def main() -> NoReturn:
    """Run the command line and leave with its exit code."""
    signal.signal(signal.SIGTERM, _terminate)
    _open_missing_streams()
    # A file name may hold what the terminal's encoding cannot: better printed escaped than not at all.
    if isinstance(sys.stdout, TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="backslashreplace")
    with _plain_help():
        code = _invoke()
    try:
        sys.stdout.flush()
    except OSError as error:
        code = _unwritable(error)
    sys.exit(code)


@contextmanager
def _plain_help() -> Iterator[None]:
    """Keep escape codes out of help that no terminal shows or no one wants: in CI Typer colours it all the same."""
    if not os.environ.get("NO_COLOR") and (sys.stdout.isatty() or os.environ.get("FORCE_COLOR")):
        yield
        return
    os.environ[_NO_TERMINAL] = "1"  # read when Typer's help is first needed
    try:
        yield
    finally:
        os.environ.pop(_NO_TERMINAL, None)


def _open_missing_streams() -> None:
    """Give a standard stream that the caller closed a place to go, so that nobody below has to ask."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115


# Typer carries its own copy of Click, whose exceptions it shows only through this one.
_UsageError: Any = typer.BadParameter.__mro__[1]


def _invoke() -> int:
    try:
        result = app(standalone_mode=False, prog_name="scaffold")
        if result == EXIT_INTERRUPTED:  # what Typer makes of Ctrl-C
            raise KeyboardInterrupt
        return result if isinstance(result, int) else EXIT_OK
    except ScaffoldError as error:
        _complain(str(error))
        return error.exit_code
    except _UsageError as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            typer.echo(error.format_message())
            return EXIT_REFUSED
        command = error.ctx.command_path if error.ctx else "scaffold"
        _complain(f"{error.format_message().rstrip('.')}. See '{command} --help'.")
        return EXIT_REFUSED
    except typer.Exit as error:
        return error.exit_code
    except (KeyboardInterrupt, typer.Abort):
        _complain("interrupted")
        return EXIT_INTERRUPTED
    except OSError as error:
        if error.filename is not None:  # no output, but a file: a defect of ours that a traceback helps to mend
            raise
        return _unwritable(error)
    except SystemExit as error:
        # Commands leave by typer.Exit. With a bare 1 both Typer and Rich end a program whose output nobody reads any
        # more, as in 'scaffold list | head -1'; it is no check that failed.
        if error.code != 1:
            raise
        return EXIT_OK


def _unwritable(error: OSError) -> int:
    """The exit code after an output that could not be written; what is left of it goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    if isinstance(error, BrokenPipeError):
        return EXIT_OK
    _complain(f"The output cannot be written: {(error.strerror or str(error)).lower()}. Send it somewhere else.")
    return EXIT_REFUSED


def _complain(message: str) -> None:
    line = " ".join(message.split())
    # What a user typed comes back in some messages, and may hold what moves a terminal's cursor.
    line = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in line)
    from generator.cli.folding import folded

    try:
        print(folded(f"scaffold: {line}", sys.stderr), file=sys.stderr, flush=True)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # the exit code is all that can be told


def _terminate(signum: int, frame: FrameType | None) -> NoReturn:
    """Leave by an exception, so that what was begun is cleaned up."""
    raise SystemExit(128 + signum)
