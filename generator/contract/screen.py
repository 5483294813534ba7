"""The end of a check's output: the causes of failures, the score, and the command to go on with, within one screen.

Lines are wrapped at words, for 80 columns as for 40. The last 24 lines hold what one needs; details that do not fit
there stand above.
"""

from __future__ import annotations

import os
import re
import shlex
import textwrap
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from generator.contract.causes import MISSING, Cause
from generator.contract.exchange import Exchange
from generator.contract.records import AGAIN
from generator.contract.report import FAILED, PASSED, SKIPPED, Report

HEIGHT = 23  # of 24: the shell's prompt takes one
DETAILED = 8  # causes that are shown in full, above the last screen if need be
LEAST = 7  # lines for the first cause
SHOWN_CASES = 3
SHOWN_LINES = 3
SHOWN_TRAIL = 4
SHOWN_FRAMES = 6
LABEL = 6

_PATH = re.compile(r"[\w./:@~+-]+")
# Frames of the project have a path relative to it.
_FOREIGN = re.compile(r'File "[/<]|[( ]/|file:///|node:|node_modules/|site-packages/|<anonymous>|\bat (java|jdk|org\.)')
_COMMA = re.compile(r'([,{[]|":)(?=["\w{[])')

Line = tuple[str, str]  # text, style


def print_end(report: Report, console: Console, *, above: int = 0) -> None:
    """Print the causes and the score.

    Args:
        above: lines that are to stay on the same screen; then no details stand above.
    """
    width = columns(console)
    end = _score(report, width)
    blocks = [_block(cause, width, short=report.is_blank) for cause in report.causes]
    room = HEIGHT - len(end) - above
    if sum(len(block) + 1 for block in blocks) <= room:
        lines = [line for block in blocks for line in (*block, ("", ""))]
    else:
        detailed = [] if above else blocks[1:DETAILED]
        lines = [line for block in reversed(detailed) for line in (*block, ("", ""))]
        others = _brief(report.causes[1:], width, room - min(LEAST, len(blocks[0])) - 2)
        others = [*others, ("", "")] if others else []
        lines += [*blocks[0][: room - len(others) - 1], ("", ""), *others]
    for text, style in [*lines, *end]:
        console.print(Text(printable(text, console), style=style), soft_wrap=True, overflow="ignore", no_wrap=True)


def columns(console: Console) -> int:
    """How wide lines may be: as the terminal, or what COLUMNS says, or 80."""
    given = os.environ.get("COLUMNS", "")
    return max(20, console.width if console.is_terminal else int(given) if given.isdecimal() else 80)


def wrapped(text: str, width: int, first: str = "", rest: str | None = None, most: int = 0) -> list[str]:
    """A text in lines, broken at words and never within a path.

    Args:
        first: what stands before the first line.
        rest: what stands before the others; as many spaces by default.
        most: lines at most, the last of them ending in an ellipsis.
    """
    rest = " " * len(first) if rest is None else rest
    lines = textwrap.wrap(
        " ".join(text.split()),
        max(width, len(rest) + 10),
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [first.rstrip()]
    lines = [line if len(line) <= width else _cut(line, width) for line in lines]
    if most and len(lines) > most:
        lines = [*lines[: most - 1], _cut(lines[most - 1] + " …", width)]
    return lines


def _cut(line: str, width: int) -> str:
    """A line without a blank to break at: a path keeps its end, which says more."""
    if len(line) <= width:
        return line
    indent = len(line) - len(line.lstrip())
    words = line.strip()
    if "/" in words and _PATH.fullmatch(words):
        return " " * indent + "…" + words[-(width - indent - 1) :]
    return line[: width - 1].rstrip(" …") + "…"


def printable(text: str, console: Console) -> str:
    """Without control characters, which an answer's body may hold to play tricks on a terminal."""
    safe = "".join(char if char.isprintable() else "�" for char in text)
    try:
        safe.encode(console.encoding)
    except (UnicodeEncodeError, LookupError):
        return safe.replace("…", "...").encode("ascii", "replace").decode()
    return safe


def _block(cause: Cause, width: int, *, short: bool = False) -> list[Line]:
    """All that is known of a cause."""
    if cause.kind == MISSING and short:
        text = f"{cause.title}; {_cases(len(cause.cases))} {'needs' if len(cause.cases) == 1 else 'need'} it"
        return [(line, "bold red") for line in wrapped(text, width, "", "  ", most=2)]
    count = f"  ({_cases(len(cause.cases))})"
    lines = [(line, "bold red") for line in wrapped(cause.title + count, width, "", "  ", most=4)]

    def add(label: str, text: str, most: int = 2, style: str = "") -> None:
        lines.extend((line, style) for line in wrapped(text, width, f"  {label:<{LABEL}}", most=most))

    if cause.place:
        add("at", f"{cause.place}{f' {cause.place.name}' if cause.place.name else ''}", style="bold")
        if cause.code:
            add("", cause.code, most=1)
    if cause.hint:
        add("also", cause.hint, style="bold")
    for number, place in enumerate(cause.trail[:SHOWN_TRAIL]):
        add("" if number else "via", f"{place} {place.name}".strip())
    if cause.exchange:
        sent, seen = _exchange(cause.exchange)
        add("sent", sent)
        add("got", seen)
    expected = _expected(cause)
    if expected and expected not in cause.title:
        add("why", expected, most=SHOWN_LINES)
    add("rule", cause.rule)
    if cause.rule_file and not (cause.place and cause.place.file == cause.rule_file):
        add("", f"which {cause.rule_file} holds")
    names = ", ".join(cause.cases[:SHOWN_CASES])
    more = len(cause.cases) - SHOWN_CASES
    add("cases", f"{names} and {more} more" if more > 0 else names, most=4)
    lines.extend((line, "dim") for line in _traceback(cause.trace, width))
    return lines


def _traceback(trace: str, width: int) -> list[str]:
    """The frames of the server's own traceback that are in the project, with their code where the server tells it."""
    frames: list[str] = []
    lines = [line.rstrip() for line in trace.splitlines()]
    for number, line in enumerate(lines):
        if not line.lstrip(" |").startswith(('File "', "at ")) or _FOREIGN.search(line):
            continue
        frames.append(line.strip(" |"))
        code = lines[number + 1 : number + 2]
        if line.lstrip(" |").startswith('File "') and code and not code[0].lstrip(" |").startswith('File "'):
            frames.append(f"  {code[0].strip(' |')}")
    if any(frame.startswith("File") for frame in frames):
        frames = frames[-SHOWN_FRAMES:]  # Python's innermost frame is the last
    return [_cut(f"  | {frame}", width) for frame in frames[:SHOWN_FRAMES]]


def _exchange(exchange: Exchange) -> tuple[str, str]:
    sent = f"{exchange.method} {exchange.path} {_spaced(exchange.sent)}".strip()
    return sent, f"{exchange.status} {_spaced(exchange.seen)}".strip() if exchange.status else exchange.seen


def _spaced(body: str) -> str:
    """JSON that can be wrapped."""
    return _COMMA.sub(r"\1 ", body)


def _expected(cause: Cause) -> str:
    """What the first case said, without what stands in other lines."""
    lines = [line for line in cause.message.splitlines() if not line.startswith("last request: ")]
    return _spaced(" ".join(lines))


def _brief(causes: Sequence[Cause], width: int, room: int) -> list[Line]:
    """Each cause in a few lines, as many as there is room for."""
    lines: list[Line] = []
    for number, cause in enumerate(causes):
        count = f"{len(cause.cases):>4} "
        text = f"{cause.title}; {_cases(len(cause.cases))}" if cause.kind == MISSING else cause.title
        block = [(line, "red") for line in wrapped(text, width, count, most=2)]
        if cause.place:
            block += [(line, "bold") for line in wrapped(f"{cause.place}", width, " " * len(count), most=1)]
        if cause.hint:
            block += [(line, "bold") for line in wrapped(cause.hint, width, " " * len(count), most=1)]
        left = len(causes) - number
        if len(lines) + len(block) + (left > 1) > room:
            more = f"and {left} more {'cause' if left == 1 else 'causes'} (all of them with --json)"
            return [*lines, *((line, "dim") for line in wrapped(more, width, "     ", most=2))]
        lines += block
    return lines


def _score(report: Report, width: int) -> list[Line]:
    lines: list[Line] = []
    if report.interrupted:
        lines += [(line, "yellow") for line in wrapped("Interrupted: this is what was known by then.", width)]
    if report.lost:
        lines += [(line, "bold red") for line in wrapped(report.lost, width, most=8)]
    else:
        earned, possible = report.points
        counts = f"{report.count(PASSED)} passed, {report.count(FAILED)} failed, {report.count(SKIPPED)} not run"
        colour = "green" if not report.failed else "red"
        score = "No score  " if report.score is None else f"Score {report.score:g}%  "
        text = f"{earned} of {possible} points: {counts}"
        lines += [(line, f"bold {colour}") for line in wrapped(text, width, score, "  ")]
    for note in _notes(report):
        lines += [(line, "yellow") for line in wrapped(note, width, "", "  ", most=3)]
    if report.log and (report.failed or report.lost):
        lines += [(line, "") for line in wrapped(f"The servers' whole log: {_near(report.log)}", width, "", "  ")]
    if report.failed and report.again:
        lines.append(("To run just these again:", ""))
        lines.append((f"  {report.again}", "bold"))  # in one line, to be copied
    return lines


def _notes(report: Report) -> list[str]:
    """That the machine was busy: one case in full, of several their number, or they would hide the causes."""
    noted = [case for case in report.cases if case.note]
    if len(noted) == 1:
        return [f"{noted[0].id} {noted[0].note}"]
    failed = [case for case in noted if case.outcome == FAILED]
    again = [case for case in failed if AGAIN in case.note]
    said = {
        f"failed while the machine was busy, {AGAIN}": len(again),
        "failed while the machine was busy, and count": len(failed) - len(again),
        "passed when run alone, after the machine had been busy": len(noted) - len(failed),
    }
    return [f"{_cases(number)} {what} (see --json)" for what, number in said.items() if number]


def _near(path: Path) -> str:
    """A path as it is typed from here, where that is shorter."""
    try:
        return shlex.quote(str(path.relative_to(Path.cwd())))
    except ValueError:
        return str(path)


def _cases(number: int) -> str:
    return "1 case" if number == 1 else f"{number} cases"
