"""Prove combinations of an idea: ``python -m tests.proofs --pairwise``.

Generates each one, installs it, runs its formatter, linter, type checker and own tests, boots it, and passes it through
its contract. With ``--record`` what passed is written to the idea's ledger; this is the only writer of ledgers.
"""

from __future__ import annotations

import argparse
import datetime
import shutil
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from generator import __version__
from generator.catalog import Catalog, Idea
from generator.errors import ScaffoldError
from generator.ledger import Ledger, contract_digest, proof_spec
from generator.plan import make_plan
from tests.proofs.selection import Combination, matching, name_of, pairwise
from tests.proofs.steps import Step, prove

_ledger_lock = threading.Lock()


def main() -> int:
    """Parse the command line, prove, and tell what passed."""
    parser = argparse.ArgumentParser(prog="python -m tests.proofs", description=__doc__)
    parser.add_argument("--idea", default="url-shortener")
    parser.add_argument("--pairwise", action="store_true", help="few combinations with every pair of choices")
    parser.add_argument("--all", action="store_true", help="every combination that is offered")
    parser.add_argument("--only", action="append", default=[], metavar="PATTERN", help="by name, such as 'fastapi-*'")
    parser.add_argument("--outdated", action="store_true", help="leave out what the ledger already proves")
    parser.add_argument("--record", action="store_true", help="write what passed to the ledger")
    parser.add_argument("--jobs", type=int, default=1, help="how many at once")
    parser.add_argument("--keep", action="store_true", help="keep the generated projects of failed proofs")
    options = parser.parse_args()

    catalog = Catalog.load()
    idea = catalog.idea(options.idea)
    chosen = list(idea.combinations()) if options.all else pairwise(idea) if options.pairwise else []
    chosen += [extra for extra in matching(idea, options.only) if extra not in chosen]
    if not chosen:
        parser.error("nothing to prove: give --pairwise, --all or --only")
    if options.outdated:
        ledger = Ledger.read(idea)
        chosen = [combination for combination in chosen if ledger.state(catalog, idea, combination) != "proven"]
    with ThreadPoolExecutor(options.jobs) as pool:
        work = [pool.submit(_prove_one, catalog, idea, combination, options) for combination in chosen]
        results = [future.result() for future in work]
    failed = results.count(False)
    print(f"{len(results) - failed} passed, {failed} failed")
    return 1 if failed else 0


def _prove_one(catalog: Catalog, idea: Idea, combination: Combination, options: argparse.Namespace) -> bool:
    name = name_of(combination)
    # Digests are taken first: what changes while a proof runs is not what was proven.
    digests = {
        "plan": make_plan(catalog, proof_spec(catalog, idea, combination)).digest(),
        "contract": contract_digest(catalog, idea),
    }
    folder = Path(tempfile.mkdtemp(prefix=f"scaffold-proof-{name}-"))
    steps: list[Step] = []
    try:
        for step in prove(catalog, idea, combination, folder / "proof"):
            steps.append(step)
            print(f"{name:<36} {step.name:<10} {step.seconds:6.1f} s  {'FAILED' if step.problem else 'ok'}", flush=True)
    except ScaffoldError as error:
        steps.append(Step("could not run", 0, str(error)))
    problems = [step for step in steps if step.problem]
    for step in problems:
        print(f"--- {name}: {step.name}\n{step.problem}\n---", flush=True)
    if not (problems and options.keep):
        shutil.rmtree(folder, ignore_errors=True)
    if options.record and not problems:
        facts = {key: value for step in steps for key, value in step.facts.items()}
        proof = {**digests, "scaffold": __version__, "date": f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}", **facts}
        with _ledger_lock:
            Ledger.read(idea).record(proof_spec(catalog, idea, combination), proof)
    return not problems


if __name__ == "__main__":
    sys.exit(main())
