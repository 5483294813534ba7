"""Shows a project that does not even start as its own tools printed it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from generator.errors import ScaffoldError
from generator.runtime.readable import LIBRARY_FRAME, Readable, plain

SHOWN_LINES = 16
LONGEST_MESSAGE = 300
_UNTIMED = re.compile(r"^\d\d:\d\d:\d\d |\d+(\.\d+)? ms$")


@contextmanager
def shown_as_printed(project: Path) -> Iterator[None]:
    """Print the output that an error brings with it, and name the project's line in the error's own.

    Args:
        project: its folder.

    Raises:
        ScaffoldError: the same that was raised, shorter where the output has been printed.
    """
    try:
        yield
    except ScaffoldError as error:
        output = error.output.rstrip().splitlines()
        if len(output) < 2:
            raise
        for line in excerpt(output):
            print(plain(line), file=sys.stderr)
        print(file=sys.stderr, flush=True)
        raise _short(error, project) from error


def excerpt(output: list[str]) -> list[str]:
    """The end of an output for people: JSON as short lines, without frames of libraries, and nothing said twice."""
    readable = Readable()
    lines: list[str] = []
    skip = False
    for line in "\n".join(map(readable, output)).splitlines():
        if line.lstrip().startswith(('File "', "at ")):
            skip = bool(LIBRARY_FRAME.search(line))
        elif not line.startswith("      "):
            skip = False
        if not skip:
            lines.append(line)
    unique = list({_UNTIMED.sub("", line): line for line in reversed(lines)}.values())[::-1]
    return unique if len(unique) <= SHOWN_LINES else ["…", *unique[-SHOWN_LINES:]]


def _short(error: ScaffoldError, project: Path) -> ScaffoldError:
    """The error in one line, with the place in the project."""
    from generator.contract.serverlog import ServerLog
    from generator.contract.sources import SourceFiles

    errors = [one for one in ServerLog([], SourceFiles(project)).errors_of(error.output) if one.places]
    what = error.message.split(": ", 1)[0]
    if errors:
        found = errors[-1]
        shorter = ScaffoldError(f"{what}: {found.headline[:LONGEST_MESSAGE]} ({found.places[0]})", error.fix)
    elif len(error.message) > LONGEST_MESSAGE:
        shorter = ScaffoldError(f"{what}: its last lines are above", error.fix)
    else:
        return error
    shorter.exit_code = error.exit_code
    return shorter
