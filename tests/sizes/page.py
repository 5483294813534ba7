"""The page ``docs/sizes.md``, made from rendered projects and from ``limits.yml``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from generator.catalog import Catalog
from tests.sizes.count import Size

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "sizes.md"
LIMITS = Path(__file__).with_name("limits.yml")
INTRODUCTION = """\
# Sizes of generated projects

Made by `python -m tests.sizes --write`; a test keeps it current. The projects are rendered and counted:

- *Application*: all lines, comments and blank ones too, of source files ({suffixes}) in {folders}.
  Migrations count. Configuration, the files of tools and what a library brings do not. *Own* are the lines that come
  from the idea's own layers.
- *Tests*: the same of {tests}, and for one line of the application.
- *Files*: all that git tracks, documentation and tools included.
- *README*: words, that is, whatever stands between blanks and has a letter or digit, code and tables included.

Behind each number is the size that is aimed at. A number in **bold** misses it, and the last column says why.
"""


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        combination: such as ``todo/express-sqlite-none``.
        size: what was counted.
        missed: which limits it misses, of ``application``, ``own``, ``tests`` and ``readme``.
        cells: number and limit of each, for the page.
        reasons: why a limit is missed, by limit.
    """

    combination: str
    size: Size
    missed: tuple[str, ...]
    cells: dict[str, str]
    reasons: dict[str, str]


def limits() -> dict[str, Any]:
    """The sizes that are aimed at."""
    found: dict[str, Any] = yaml.safe_load(LIMITS.read_text(encoding="utf-8"))
    return found


def rows(measure: Callable[[str], Size]) -> Iterator[Row]:
    """Every line of the table.

    Args:
        measure: the size of a combination.
    """
    aims = limits()
    catalog = Catalog.load()
    for aim in aims["rows"]:
        idea = catalog.idea(aim["idea"])
        offered = list(idea.combinations())
        for framework, application in aim["application"].items():
            choices = {"framework": framework, **aim["choices"]}
            if choices in offered:
                combination = f"{idea.id}/{'-'.join(choices.values())}"
                yield _row(combination, measure(combination), application, aims["own"][idea.id][framework], aims)


def _row(combination: str, size: Size, application: int, own: int, aims: dict[str, Any]) -> Row:
    fewest, most = aims["readme"]
    least, largest = aims["tests"]
    held = {
        "application": size.application <= application,
        "own": size.own <= own,
        "tests": least <= round(size.ratio, 2) <= largest,
        "readme": fewest <= size.readme <= most,
    }
    texts = {
        "application": (f"{size.application:,}", f"≤ {application:,}"),
        "own": (f"{size.own:,}", f"≤ {own:,}"),
        "tests": (f"{size.tests:,} ({size.ratio:.2f})", f"{least}–{largest}"),
        "readme": (f"{size.readme:,}", f"{fewest}–{most:,}"),
    }
    cells = {key: f"{text if held[key] else f'**{text}**'} of {aim}" for key, (text, aim) in texts.items()}
    reasons = aims["reasons"].get(combination, {})
    return Row(combination, size, tuple(key for key, well in held.items() if not well), cells, reasons)


def page(measure: Callable[[str], Size], readmes: dict[str, int]) -> str:
    """The whole page.

    Args:
        measure: the size of a combination.
        readmes: the words of every offered combination's README.
    """
    from tests.sizes.count import APPLICATION, SOURCE, TESTS

    lines = [
        INTRODUCTION.format(
            suffixes=", ".join(f"`{suffix}`" for suffix in sorted(SOURCE)),
            folders=", ".join(f"`{folder}`" for folder in APPLICATION),
            tests=", ".join(f"`{folder}`" for folder in TESTS),
        ),
        "| combination | application | own | tests (ratio) | files | README | why missed |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows(measure):
        why = " ".join(row.reasons.get(key, "*no reason given*") for key in row.missed)
        cells = row.cells
        lines.append(
            f"| {row.combination} | {cells['application']} | {cells['own']} | {cells['tests']} | {row.size.files} "
            f"| {cells['readme']} | {why} |"
        )
    fewest, most = min(readmes, key=readmes.__getitem__), max(readmes, key=readmes.__getitem__)
    lines += [
        "",
        f"Over all {len(readmes)} combinations the README has from {readmes[fewest]:,} words ({fewest}) to "
        f"{readmes[most]:,} ({most}).",
        "",
    ]
    return "\n".join(lines)
