"""Shows a project that does not even start as its own tools printed it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from generator.errors import ScaffoldError
from generator.runtime.readable import LIBRARY_FRAME, Readable, plain

SHOWN_LINES = 12
LONGEST_MESSAGE = 300
SHORTEST_HEADLINE = 10  # "Error" alone: then what caused it says more
_INNER = re.compile(r"^\s+(?:\[?cause\]?|parent|original): (\w*(?:Error|Exception)\b.*)", re.MULTILINE)
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
        shown = _shown(error, project)
        for line in [*excerpt(output), "", *shown, *([""] if shown else [])]:
            print(plain(line), file=sys.stderr, flush=True)
        raise _short(error, bool(shown)) from error


def excerpt(output: list[str]) -> list[str]:
    """The end of an output for people: JSON as short lines, without frames of libraries, and nothing said twice."""
    readable = Readable()
    lines: list[str] = []
    skip, frame = False, 0
    for line in "\n".join(map(readable, output)).splitlines():
        if line.lstrip().startswith(('File "', "at ")):
            skip, frame = bool(LIBRARY_FRAME.search(line)), _indent(line)
        elif _indent(line) <= frame:  # or it belongs to the frame, as its code does
            skip = False
        if not skip:
            lines.append(line)
    unique = list({_UNTIMED.sub("", line): line for line in reversed(lines)}.values())[::-1]
    return unique if len(unique) <= SHOWN_LINES else ["…", *unique[-SHOWN_LINES:]]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _shown(error: ScaffoldError, project: Path) -> list[str]:
    """What was wrong and where in the project, in two lines or three; empty if the output does not tell."""
    from generator.contract.serverlog import ServerLog
    from generator.contract.sources import MIGRATIONS, SourceFiles

    sources = SourceFiles(project)
    errors = [one for one in ServerLog([], sources).errors_of(error.output) if one.places]
    if not errors:
        return []
    # What a migration does goes through the project's own driver, which is not to blame.
    places = errors[-1].places
    place = next((one for one in places if MIGRATIONS.search(one.file)), places[0])
    inner = _INNER.search(error.output) if len(errors[-1].headline) < SHORTEST_HEADLINE else None
    lines = [inner[1] if inner else errors[-1].headline, f"  at    {place}"]
    return [line[:LONGEST_MESSAGE] for line in lines] + ([f"        {code}"] if (code := sources.line(place)) else [])


def _short(error: ScaffoldError, shown: bool) -> ScaffoldError:
    """The error in one line, without what is above it."""
    what, _, rest = error.message.partition(": ")
    if not shown and len(rest) <= LONGEST_MESSAGE:
        return error
    shorter = ScaffoldError(f"{what}, see above", error.fix)
    shorter.exit_code = error.exit_code
    return shorter
