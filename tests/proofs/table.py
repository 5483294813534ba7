"""The seconds of each step, in a table."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from statistics import median

from rich.console import Console
from rich.table import Table

from tests.proofs.proof import Proof
from tests.proofs.steps import STEPS


def print_times(proofs: Sequence[Proof]) -> None:
    """Print a row for each proof, and the median of those that passed for each framework.

    Steps overlap: their sum is more than the total.
    """
    if not proofs:
        return
    columns = (*STEPS, "total")
    table = Table("seconds", *columns, title="Seconds of each step; some run at once")
    for proof in proofs:
        table.add_row(proof.title + (" FAILED" if proof.problems else ""), *_row([proof], columns))
    passed = [proof for proof in proofs if not proof.problems]
    for framework in dict.fromkeys(proof.name.partition("-")[0] for proof in passed):
        mine = [proof for proof in passed if proof.name.partition("-")[0] == framework]
        table.add_row(f"median of {framework}", *_row(mine, columns), style="bold")
    Console(width=None if sys.stdout.isatty() else 180).print(table)


def _row(proofs: Sequence[Proof], columns: Sequence[str]) -> list[str]:
    values = [[proof.times[column] for proof in proofs if column in proof.times] for column in columns]
    return [f"{median(times):.1f}" if times else "" for times in values]
