"""The checklist that ``scaffold check`` prints, and the list of cases."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape

from generator.contract.nursery import Collected
from generator.contract.report import FAILED, PASSED, SKIPPED, CaseResult, Report
from generator.contract.screen import columns, print_end, wrapped

_RICH = {PASSED: "[green]✓[/]", FAILED: "[red]✗[/]", SKIPPED: "[dim]–[/]"}
_PLAIN = {PASSED: "ok  ", FAILED: "FAIL", SKIPPED: "skip"}


def print_checklist(report: Report, console: Console) -> None:
    """Cases by feature, then the causes of failures and the score; of a server that has next to nothing, no cases.

    Plain ASCII marks when the console has no colours or cannot print the others.
    """
    signs = _RICH if _fancy(console) else _PLAIN
    width = columns(console)
    if report.is_blank:
        counts = [f"{name} {_passed(cases)}/{_ran(cases)}" for name, cases in report.features().items()]
        lines = wrapped(f"Passed: {', '.join(counts)}", width, "", "  ")
        for line in lines:
            console.print(escape(line), soft_wrap=True)
        console.print()
        print_end(report, console, above=len(lines) + 1)
        return
    for feature, cases in report.features().items():
        console.print(f"\n[bold]{escape(feature)}[/]  {_passed(cases)}/{_ran(cases)}")
        for case in cases:
            _print_case(case, signs[case.outcome], width, console)
    console.print()
    print_end(report, console)


def _ran(cases: Sequence[CaseResult]) -> int:
    return sum(case.outcome != SKIPPED for case in cases)


def _passed(cases: Sequence[CaseResult]) -> int:
    return sum(case.outcome == PASSED for case in cases)


def print_cases(collected: Sequence[Collected], console: Console) -> None:
    """Every case with its points and rule."""
    feature = ""
    for one in sorted(collected, key=lambda one: one.case.feature):
        if one.case.feature != feature:
            feature = one.case.feature
            console.print(f"\n[bold]{escape(feature)}[/]")
        console.print(f"  {escape(one.case.id)}  ({one.case.points})  [dim]{escape(one.case.reason)}[/]")
    console.print(f"\n{len(collected)} cases, {sum(one.case.points for one in collected)} points")


def _print_case(case: CaseResult, sign: str, width: int, console: Console) -> None:
    indent = 5 if len(sign) != len(_PLAIN[PASSED]) else 7
    more = case.reason if case.outcome == SKIPPED else case.note if case.outcome == PASSED else ""
    text = f"{case.id}  {more}" if more else case.id
    room = width if console.is_terminal else 10_000
    first, *rest = wrapped(text, room - indent, "", "  ")
    name, _, more = first.partition(" ")
    console.print(f"  {sign} {escape(name)}{f'  [dim]{escape(more.strip())}[/]' if more else ''}", soft_wrap=True)
    for line in rest:
        console.print(f"{' ' * indent}[dim]{escape(line)}[/]", soft_wrap=True)


def _fancy(console: Console) -> bool:
    return console.is_terminal and not console.no_color and _can_print("✓✗–", console)


def _can_print(text: str, console: Console) -> bool:
    try:
        text.encode(console.encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True
