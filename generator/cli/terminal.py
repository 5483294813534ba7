"""What the commands print with: colours off without a terminal or under NO_COLOR, progress on stderr."""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console


@cache
def out() -> Console:
    """Standard output, for results."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=not sys.stdout.isatty())


def progress(message: str) -> None:
    """One line on stderr about work that may take longer than a second."""
    print(message, file=sys.stderr, flush=True)


def interactive() -> bool:
    """Whether questions can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()
