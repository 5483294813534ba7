"""One proof from beginning to end: its steps, what it printed, and its entry in the ledger."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

from generator.catalog import Catalog, Idea
from generator.ledger import FILE, proof_digests
from generator.services import ServicePool
from tests.proofs.places import keep, place
from tests.proofs.recording import record
from tests.proofs.selection import Combination, name_of
from tests.proofs.steps import STEPS, Step, prove

_print_lock = threading.Lock()


@dataclass
class Proof:
    """What became of one combination.

    Attributes:
        idea: id of the idea.
        name: the combination.
        steps: those that were run, as they ended.
        seconds: wall time of the whole.
    """

    idea: str
    name: str
    steps: list[Step] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def title(self) -> str:
        """Idea and combination."""
        return f"{self.idea} {self.name}"

    @property
    def problems(self) -> list[str]:
        """The steps that failed."""
        return [step.name for step in self.steps if step.problem]

    @property
    def times(self) -> dict[str, float]:
        """Seconds by step, in the order of steps, and of the whole."""
        seconds = {step.name: round(step.seconds, 1) for step in sorted(self.steps, key=lambda s: STEPS.index(s.name))}
        return {**seconds, "total": round(self.seconds, 1)}


class Prover:
    """Proves combinations of one catalogue.

    Args:
        catalog: the catalogue.
        services: servers for tests and properties.
        record: write what passed to the idea's ledger.
        keep: keep the project of a proof that failed.
        apart: run nothing beside a contract.
    """

    def __init__(
        self, catalog: Catalog, services: ServicePool, *, record: bool = False, keep: bool = False, apart: bool = False
    ) -> None:
        self._catalog, self._services = catalog, services
        self._record, self._keep, self._apart = record, keep, apart

    def __call__(self, idea: Idea, combination: Combination) -> Proof:
        """Prove one combination."""
        proof = Proof(idea.id, name_of(combination))
        # Digests are taken first: what changes while a proof runs is not what was proven.
        digests = proof_digests(self._catalog, idea, combination)
        with place() as folder:
            began = time.monotonic()
            project = folder / "proof"
            for step in prove(self._catalog, idea, combination, project, self._services, apart=self._apart):
                proof.steps.append(step)
                _tell(proof, step)
            proof.seconds = time.monotonic() - began
            if proof.problems and self._keep:
                print(f"{proof.title} is kept in {keep(project, proof.name)}", flush=True)
        if self._record and not proof.problems:
            facts = {key: value for step in proof.steps for key, value in step.facts.items()}
            record(idea.path / FILE, proof.name, {**digests, **facts, "seconds": proof.times})
        return proof


def _tell(proof: Proof, step: Step) -> None:
    with _print_lock:
        outcome = "FAILED" if step.problem else "ok"
        if twice := step.facts.get("ranTwice"):
            outcome += f"; failed once while the machine was busy, passed when run alone: {', '.join(twice)}"
        print(f"{proof.title:<50} {step.name:<10} {step.seconds:6.1f} s  {outcome}", flush=True)
        if step.problem:
            print(f"--- {proof.title}: {step.name}\n{step.problem}\n---", flush=True)
