"""Plants each bug, checks, and prints a table; ends with 1 when fewer than eight of ten are named for a framework.

``python -m tests.plants [--screens] [--framework express] [--bug 'wrong*'] [--folder DIR]``
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from fnmatch import fnmatchcase
from pathlib import Path

from tests.plants.bugs import BUGS
from tests.plants.judge import generate, judge

NEEDED = 0.8


def main() -> int:
    """Run them."""
    parser = argparse.ArgumentParser(prog="python -m tests.plants")
    parser.add_argument("--framework", choices=sorted(BUGS), action="append")
    parser.add_argument("--bug", default="*", help="a glob pattern on their names")
    parser.add_argument("--screens", action="store_true", help="print each last screen")
    parser.add_argument("--folder", type=Path, help="where the projects are, or are to be made")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="plants-") as name:
        folder = given.folder or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        enough = [_framework(one, folder, given.bug, given.screens) for one in given.framework or sorted(BUGS)]
    return 0 if all(enough) else 1


def _framework(framework: str, folder: Path, pattern: str, screens: bool) -> bool:
    project = folder / f"my-{framework}-links"
    if not project.exists():
        generate(folder, framework)
    print(f"\n| {framework} | planted at | shown | seconds |\n|---|---|---|---|", flush=True)
    named, total = 0, 0
    for bug in BUGS[framework]:
        if not fnmatchcase(bug.name, pattern):
            continue
        shown = judge(project, bug)
        total += 1
        named += shown.exact or shown.within
        how = "the line" if shown.exact else "lines that hold it" if shown.within else "**not**"
        print(f"| {bug.name} | `{shown.place}` | {how} | {shown.seconds:.0f} |", flush=True)
        if screens:
            print(f"\n{shown.screen}\n(exit code {shown.code})\n", flush=True)
    print(f"\n{named} of {total}", flush=True)
    return named >= NEEDED * total


if __name__ == "__main__":
    sys.exit(main())
