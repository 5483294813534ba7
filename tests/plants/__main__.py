"""Plants each bug, checks, and prints a table; ends with 1 when fewer than eight of ten are named for a framework.

``python -m tests.plants [--fresh] [--screens] [--framework express] [--bug 'wrong*'] [--folder DIR]``
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from tests.plants.bugs import BUGS, Bug
from tests.plants.fresh import FRESH
from tests.plants.judge import generate, judge

NEEDED = 0.8
LINE, WITHIN = "the line", "lines that hold it"
HOW = {LINE: "exact", WITHIN: "within", "the file": "file"}


def main() -> int:
    """Run them."""
    parser = argparse.ArgumentParser(prog="python -m tests.plants")
    parser.add_argument("--framework", choices=sorted(BUGS), action="append")
    parser.add_argument("--bug", default="*", help="a glob pattern on their names")
    parser.add_argument("--fresh", action="store_true", help="the other ten")
    parser.add_argument("--screens", action="store_true", help="print each last screen")
    parser.add_argument("--folder", type=Path, help="where the projects are, or are to be made")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="plants-") as name:
        folder = given.folder or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        bugs = FRESH if given.fresh else BUGS
        enough = [
            _framework(one, bugs[one], folder, given.bug, given.screens) for one in given.framework or sorted(bugs)
        ]
    return 0 if all(enough) else 1


def _framework(framework: str, bugs: Sequence[Bug], folder: Path, pattern: str, screens: bool) -> bool:
    project = folder / f"my-{framework}-links"
    if not project.exists():
        generate(folder, framework)
    print(f"\n| {framework} | planted at | shown | seconds |\n|---|---|---|---|", flush=True)
    counts = Counter[str]()
    for bug in bugs:
        if not fnmatchcase(bug.name, pattern):
            continue
        shown = judge(project, bug)
        how = next((how for how, so in HOW.items() if getattr(shown, so)), "**not**")
        how = "**no case fails**" if shown.code == 0 else how
        counts[how] += 1
        print(f"| {bug.name} | `{shown.place}` | {how} | {shown.seconds:.0f} |", flush=True)
        if screens:
            print(f"\n{shown.screen}\n(exit code {shown.code})\n", flush=True)
    print(f"\n{', '.join(f'{how}: {number}' for how, number in counts.items())}", flush=True)
    return counts[LINE] + counts[WITHIN] >= NEEDED * counts.total()


if __name__ == "__main__":
    sys.exit(main())
