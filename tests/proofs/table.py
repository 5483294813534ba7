"""What a run of proofs ends with: the seconds of each step in a table, and then what failed, in a few lines each.

Lines are short enough for the log of a CI system, which often shows 120 columns and little more than its end.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from tests.proofs.proof import Proof
from tests.proofs.steps import STEPS

WIDTH = 120
FAILURE_LINES = 16
_HEADS = {"typecheck": "types", "properties": "props"}


def print_times(proofs: Sequence[Proof]) -> None:
    """Print a row for each proof, and the median of those that passed for each framework.

    Steps overlap: their sum is more than the total.
    """
    if not proofs:
        return
    columns = (*STEPS, "total")
    rows = [(proof.title + (" FAILED" if proof.problems else ""), _row([proof], columns)) for proof in proofs]
    passed = [proof for proof in proofs if not proof.problems]
    for framework in dict.fromkeys(proof.name.partition("-")[0] for proof in passed):
        mine = [proof for proof in passed if proof.name.partition("-")[0] == framework]
        rows.append((f"median of {framework}", _row(mine, columns)))
    heads = [_HEADS.get(column, column) for column in columns]
    widths = [max(len(head), 5) for head in heads]
    left = WIDTH - sum(widths) - len(widths)
    print("\nSeconds of each step; some run at once")
    for title, values in [("", heads), *rows]:
        cells = (f"{value:>{width}}" for value, width in zip(values, widths, strict=True))
        print(f"{title[:left]:<{left}}", *cells)


def print_failures(proofs: Sequence[Proof]) -> None:
    """Print what failed once more, with the first lines of what each contract and the last of what each tool said."""
    for proof in proofs:
        for step in proof.steps:
            if not step.problem:
                continue
            lines = [line.rstrip()[:WIDTH] for line in step.problem.splitlines() if line.strip()]
            print(f"\n{proof.title}: {step.name} FAILED")
            print(*(lines[:FAILURE_LINES] if step.name == "contract" else lines[-FAILURE_LINES:]), sep="\n")


def _row(proofs: Sequence[Proof], columns: Sequence[str]) -> list[str]:
    values = [[proof.times[column] for proof in proofs if column in proof.times] for column in columns]
    return [f"{median(times):.1f}" if times else "" for times in values]
