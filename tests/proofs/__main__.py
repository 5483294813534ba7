"""Prove combinations: ``python -m tests.proofs --pairwise``.

Generates each one, installs it, runs its formatter, linter, type checker and own tests, boots it, and passes it through
its contract. With ``--record`` what passed is written to the idea's ledger; this is the only writer of ledgers.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from generator.catalog import Catalog, Idea
from generator.ledger import COVERED, PROVEN, Ledger
from generator.services import ServicePool
from tests.proofs.proof import Proof, Prover
from tests.proofs.selection import full, in_order_of, matching, name_of, pairwise
from tests.proofs.table import print_failures, print_times

Work = tuple[Idea, dict[str, str]]


def main() -> int:
    """Parse the command line, prove, and tell what passed.

    Returns:
        0 when all that was proven passed; 1 otherwise.
    """
    parser = _parser()
    options = parser.parse_args()
    catalog = Catalog.load()
    ideas = [catalog.idea(name) for name in options.idea] or list(catalog.ideas.values())
    chosen = [(idea, combination) for idea in ideas for combination in _selection(idea, options)]
    if not chosen:
        parser.error("nothing to prove: give --pairwise, --full, --all or --only")
    if options.outdated:
        states = _states(catalog, ideas, chosen)
        chosen = [work for work, state in zip(chosen, states, strict=True) if state != PROVEN]
    if options.recorded:
        states = _states(catalog, ideas, chosen)
        known = [work for work, state in zip(chosen, states, strict=True) if state == PROVEN]
        print(f"{len(known)} combinations with a proof of their present form, {len(chosen) - len(known)} without one")
        if not known:
            parser.error("no proof on record holds for the present form: prove with --record first")
        chosen = known
    if options.minutes is not None:
        chosen = _in_order(catalog, ideas, chosen, options)
    proofs, left = _prove(catalog, chosen, options)
    print_times(proofs)
    _tell(proofs, left)
    print_failures(proofs)
    return 1 if any(proof.problems for proof in proofs) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.proofs", description=__doc__)
    parser.add_argument("--idea", action="append", default=[], metavar="IDEA", help="repeatable; by default all ideas")
    parser.add_argument("--pairwise", action="store_true", help="few combinations with every pair of choices")
    parser.add_argument(
        "--full",
        action="store_true",
        help="every framework with every database and auth, of ideas named and of those that frameworks are tried on",
    )
    parser.add_argument("--all", action="store_true", help="every combination that is offered")
    parser.add_argument("--only", action="append", default=[], metavar="PATTERN", help="by name, such as 'fastapi-*'")
    parser.add_argument("--outdated", action="store_true", help="leave out what the ledger already proves")
    parser.add_argument("--recorded", action="store_true", help="only what the ledger proves: does it hold here, too?")
    parser.add_argument("--record", action="store_true", help="write what passed to the ledger")
    parser.add_argument("--minutes", type=float, metavar="N", help="begin no proof after so many minutes")
    parser.add_argument("--seed", metavar="TEXT", help="decides the order with --minutes; by default the commit's tree")
    parser.add_argument("--jobs", type=int, default=1, help="how many at once")
    parser.add_argument("--apart", action="store_true", help="run nothing beside a contract; slower, for busy machines")
    parser.add_argument("--keep", action="store_true", help="keep the generated projects of failed proofs")
    return parser


def _selection(idea: Idea, options: argparse.Namespace) -> list[dict[str, str]]:
    if options.all:
        return list(idea.combinations())
    chosen = full(idea) if options.full and (idea.first or options.idea) else []
    if options.pairwise:
        chosen = pairwise(idea, chosen)
    return chosen + [extra for extra in matching(idea, options.only) if extra not in chosen]


def _states(catalog: Catalog, ideas: Iterable[Idea], chosen: Iterable[Work]) -> list[str]:
    ledgers = {idea.id: Ledger.read(catalog, idea) for idea in ideas}
    return [ledgers[idea.id].standing(combination).state for idea, combination in chosen]


def _in_order(catalog: Catalog, ideas: Iterable[Idea], chosen: list[Work], options: argparse.Namespace) -> list[Work]:
    """First what no proof speaks for as it is now, then a sample of the rest; told, so that a log says what ran."""
    seed = options.seed or _commit()
    states = _states(catalog, ideas, chosen)
    new = [work for work, state in zip(chosen, states, strict=True) if state not in (PROVEN, COVERED)]
    known = [work for work, state in zip(chosen, states, strict=True) if state in (PROVEN, COVERED)]
    print(
        f"{len(new)} combinations without a proof of their present form, then {len(known)} others, in the order of "
        f"{seed}; begun until {options.minutes:g} minutes are over"
    )
    return in_order_of(new, seed) + in_order_of(known, seed)


def _prove(catalog: Catalog, chosen: list[Work], options: argparse.Namespace) -> tuple[list[Proof], list[Work]]:
    """Prove one after the other, or several at once; what time was too short for is the second list."""
    until = time.monotonic() + 60 * options.minutes if options.minutes is not None else None
    with ServicePool() as services, ThreadPoolExecutor(options.jobs) as pool:
        prover = Prover(catalog, services, record=options.record, keep=options.keep, apart=options.apart)

        def one(work: Work) -> Proof | None:
            return prover(*work) if until is None or time.monotonic() < until else None

        results = list(pool.map(one, chosen))
    left = [work for work, proof in zip(chosen, results, strict=True) if proof is None]
    return [proof for proof in results if proof is not None], left


def _tell(proofs: Iterable[Proof], left: Iterable[Work]) -> None:
    proofs = list(proofs)
    for title, names in (
        ("Passed", [proof.title for proof in proofs if not proof.problems]),
        ("Failed", [f"{proof.title} ({', '.join(proof.problems)})" for proof in proofs if proof.problems]),
        ("Not run, for the time was over", [f"{idea.id} {name_of(combination)}" for idea, combination in left]),
    ):
        if names:
            print(f"{title}: {len(names)}", *names, sep="\n  ")


def _commit() -> str:
    """The tree of the commit that is checked out."""
    command = ["git", "rev-parse", "HEAD^{tree}"]
    done = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "no commit"


if __name__ == "__main__":
    sys.exit(main())
