"""``python -m tests.benchmarks``: ratios measured in one run, printed as a table.

Nothing is asserted: a time depends on the machine, and a ratio less so. Every pair is measured in turns, so that
what else the machine does burdens both sides alike; what is compared is the fastest run of each.
"""

from __future__ import annotations

import sys

from rich.console import Console
from rich.table import Table

from tests.benchmarks import commands, servers

PARTS = {"commands": commands.measure, "servers": servers.measure}


def main(wanted: list[str]) -> None:
    table = Table("what", "against", "ratio", "aim", "measured", title="Benchmarks")
    for name, measure in PARTS.items():
        if wanted and name not in wanted:
            continue
        for ratio in measure():
            table.add_row(ratio.what, ratio.against, f"{ratio.value:.2f}", ratio.aim, ratio.details)
            print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    Console(width=None if sys.stdout.isatty() else 160).print(table)


if __name__ == "__main__":
    main(sys.argv[1:])
