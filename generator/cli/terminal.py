"""What the commands print with: colours off without a terminal or under NO_COLOR, progress on stderr."""

from __future__ import annotations

import os
import sys
from functools import cache
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.console import Console


@cache
def out() -> Console:
    """Standard output, for results."""
    from rich.console import Console

    # Without a colour system Rich leaves out bold and dim as well.
    return Console(
        highlight=False,
        soft_wrap=not sys.stdout.isatty(),
        color_system=None if os.environ.get("NO_COLOR") else "auto",
    )


def coloured(text: str) -> str:
    """A word of success on standard output, coloured for a person; without Rich, whose import takes long."""
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        return text
    return typer.style(text, fg="green", bold=True)


def progress(message: str) -> None:
    """One line on stderr about work that may take longer than a second."""
    print(message, file=sys.stderr, flush=True)


def interactive() -> bool:
    """Whether questions can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()
