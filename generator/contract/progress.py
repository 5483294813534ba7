"""What a check is doing, on standard error: one changing line on a terminal, few lasting ones elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

QUIET_SECONDS = 15.0


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Tell what is going on, within the block, by calling what it gives."""
    from rich.console import Console

    console = Console(stderr=True, highlight=False)
    if not console.is_terminal:
        yield _Log()
        return
    from rich.markup import escape

    with console.status("checking") as status:
        yield lambda line: status.update(escape(line))


class _Log:
    """Prints every stage; of the single cases (``12/117 id``) one in a while, for a log that shows it is alive."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def __call__(self, line: str) -> None:
        if line[:1].isdigit() and time.monotonic() - self._last < QUIET_SECONDS:
            return
        self._last = time.monotonic()
        print(line, file=sys.stderr, flush=True)
