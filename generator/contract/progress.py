"""What a check is doing, on standard error: one changing line on a terminal, few lasting ones elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Tell what is going on, within the block, by calling what it gives."""
    from rich.console import Console

    console = Console(stderr=True, highlight=False)
    if not console.is_terminal:
        yield _plain
        return
    from rich.markup import escape

    with console.status("checking") as status:
        yield lambda line: status.update(escape(line))


def _plain(line: str) -> None:
    """Print a stage; single cases (``12/117 id``) only make a log longer."""
    if not line[:1].isdigit():
        print(line, file=sys.stderr, flush=True)
