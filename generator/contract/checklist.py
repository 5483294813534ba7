"""The checklist that ``scaffold check`` prints, and the list of cases."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape

from generator.contract.process import Collected
from generator.contract.report import FAILED, PASSED, SKIPPED, CaseResult, Report

_RICH = {PASSED: "[green]✓[/]", FAILED: "[red]✗[/]", SKIPPED: "[dim]–[/]"}
_PLAIN = {PASSED: "ok  ", FAILED: "FAIL", SKIPPED: "skip"}


def print_checklist(report: Report, console: Console) -> None:
    """Cases by feature, those that failed with their rule and what was seen, then the score.

    Plain ASCII marks when the console has no colours or cannot print the others.
    """
    signs = _RICH if _fancy(console) else _PLAIN
    for feature, cases in report.features().items():
        ran = [case for case in cases if case.outcome != SKIPPED]
        passed = sum(case.outcome == PASSED for case in ran)
        console.print(f"\n[bold]{escape(feature)}[/]  {passed}/{len(ran)}")
        for case in cases:
            _print_case(case, signs[case.outcome], console)
    earned, possible = report.points
    counts = f"{report.count(PASSED)} passed, {report.count(FAILED)} failed, {report.count(SKIPPED)} not run"
    colour = "green" if not report.count(FAILED) else "red"
    console.print(f"\n[bold {colour}]Score {report.score:g}%[/]  {earned} of {possible} points: {counts}")


def print_cases(collected: Sequence[Collected], console: Console) -> None:
    """Every case with its points and rule."""
    feature = ""
    for one in sorted(collected, key=lambda one: one.case.feature):
        if one.case.feature != feature:
            feature = one.case.feature
            console.print(f"\n[bold]{escape(feature)}[/]")
        console.print(f"  {escape(one.case.id)}  ({one.case.points})  [dim]{escape(one.case.reason)}[/]")
    console.print(f"\n{len(collected)} cases, {sum(one.case.points for one in collected)} points")


def _print_case(case: CaseResult, sign: str, console: Console) -> None:
    line = f"  {sign} {escape(case.id)}"
    if case.outcome == SKIPPED:
        line += f"  [dim]{escape(case.reason)}[/]"
    console.print(line)
    if case.outcome == FAILED:
        console.print(f"      {escape(case.reason)}")
        for text in case.message.splitlines():
            console.print(f"      [dim]{escape(_printable(text, console))}[/]")


def _fancy(console: Console) -> bool:
    return console.is_terminal and not console.no_color and _can_print("✓✗–", console)


def _can_print(text: str, console: Console) -> bool:
    try:
        text.encode(console.encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _printable(text: str, console: Console) -> str:
    """Without control characters, which an answer's body may hold to play tricks on a terminal."""
    safe = "".join(char if char.isprintable() else "�" for char in text)
    return safe if _can_print(safe, console) else safe.encode("ascii", "replace").decode()
