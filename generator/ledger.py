"""The ledger of proofs: which combinations were generated, built, tested and passed through their contract.

It is data in the idea's folder (``proofs.json``), written only by the prover. A proof holds for the digests of the
plan and of the contract it was made with; when either changes, the combination is not proven any more.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations as two_of
from pathlib import Path
from typing import Any

from generator.catalog import Catalog, Idea
from generator.digests import Digests
from generator.errors import CatalogError
from generator.spec import ProjectSpec, combination_name

FILE = "proofs.json"
PROVEN, COVERED, OUTDATED, UNPROVEN = STATES = ("proven", "covered", "outdated", "unproven")
_NAME = "proof"

Part = tuple[str, str]


@dataclass(frozen=True)
class Standing:
    """What is known of a combination as it is now.

    Attributes:
        state: one of ``STATES``.
        date: the day of its proof; of a covered one, of the oldest proof that it rests on; empty without any.
        runs_on: the servers that it was proven on, such as ``PostgreSQL 18.6``.
        changed: of an outdated one, the parts that have changed since, as far as its proof recorded them.
    """

    state: str
    date: str = ""
    runs_on: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


class Ledger:
    """Proofs of one idea, by combination, compared with the catalogue as it is.

    Args:
        catalog: the catalogue, which must not change meanwhile.
        idea: one of its ideas.
        proofs: what ``proofs.json`` holds.
    """

    def __init__(self, catalog: Catalog, idea: Idea, proofs: Mapping[str, Mapping[str, Any]]) -> None:
        self.proofs = proofs
        self._catalog, self._idea, self._digests = catalog, idea, Digests(catalog)
        self._offered = {combination_name(choices): choices for choices in idea.combinations()}
        self._parts: dict[str, frozenset[Part]] = {}
        self._holds: dict[str, bool] = {}

    @classmethod
    def read(cls, catalog: Catalog, idea: Idea) -> Ledger:
        """The idea's ledger; empty when nothing has been proven.

        Raises:
            CatalogError: the file is not what the prover writes.
        """
        path = idea.path / FILE
        return cls(catalog, idea, read_proofs(path))

    def standing(self, choices: Mapping[str, str]) -> Standing:
        """What is known of a combination that is offered."""
        name = combination_name(choices)
        proof = self.proofs.get(name)
        if proof is not None and self._is_proven(name):
            return Standing(PROVEN, str(proof.get("date", "")), tuple(_services(proof).values()))
        covered = self._covered(name, choices)
        if covered or proof is None:
            return covered or Standing(UNPROVEN)
        now, then = dict(self._parts_of(name)), proof.get("layers", {})
        changed = sorted(key for key in now.keys() | then.keys() if now.get(key) != then.get(key)) if then else []
        if proof.get("contract") != self._digests.contract(self._idea):
            changed.append("contract")
        return Standing(OUTDATED, str(proof.get("date", "")), tuple(_services(proof).values()), tuple(changed))

    def _covered(self, name: str, choices: Mapping[str, str]) -> Standing | None:
        """Whether each two parts, as they are now, are together in some other combination that is proven now."""
        mine = self._parts_of(name)
        missing = {frozenset(pair) for pair in two_of(mine, 2)}
        contract = self._digests.contract(self._idea)
        shared = {
            other: mine & self._recorded(other)
            for other, proof in self.proofs.items()
            if other in self._offered and other != name and proof.get("contract") == contract
        }
        witnesses = []
        for other in sorted(shared, key=lambda other: (-len(shared[other]), other)):
            if not missing:
                break
            shown = {frozenset(pair) for pair in two_of(shared[other], 2)} & missing
            if shown and self._is_proven(other):
                missing -= shown
                witnesses.append(other)
        if missing:
            return None
        ran_on: dict[str, str] = {}
        for other in witnesses:
            for option, server in _services(self.proofs[other]).items():
                if self._offered[other].get(option) == choices.get(option):
                    ran_on.setdefault(option, server)
        oldest = min((str(self.proofs[other].get("date", "")) for other in witnesses), default="")
        return Standing(COVERED, oldest, tuple(ran_on.values()))

    def _is_proven(self, name: str) -> bool:
        if name not in self._holds:
            spec = proof_spec(self._catalog, self._idea, self._offered[name])
            proof = self.proofs[name]
            self._holds[name] = proof.get("contract") == self._digests.contract(self._idea) and proof.get(
                "plan"
            ) == self._digests.plan(spec)
        return self._holds[name]

    def _recorded(self, name: str) -> frozenset[Part]:
        """The parts that a proof was made with: of one that holds, those of now, which take longer to find out."""
        layers = self.proofs[name].get("layers")
        return frozenset(layers.items()) if isinstance(layers, dict) else self._parts_of(name)

    def _parts_of(self, name: str) -> frozenset[Part]:
        if name not in self._parts:
            spec = proof_spec(self._catalog, self._idea, self._offered[name])
            self._parts[name] = frozenset(self._digests.parts(spec).items())
        return self._parts[name]


def read_proofs(path: Path) -> dict[str, dict[str, Any]]:
    """The proofs in a file; none when it is absent.

    Raises:
        CatalogError: it is not JSON, or no mapping of mappings.
    """
    try:
        proofs = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise CatalogError(f"{path} is not valid JSON: {error}") from error
    if not isinstance(proofs, dict) or not all(isinstance(proof, dict) for proof in proofs.values()):
        raise CatalogError(f"{path} does not hold proofs by combination")
    return proofs


def proof_spec(catalog: Catalog, idea: Idea, combination: Mapping[str, str]) -> ProjectSpec:
    """The spec that stands for a combination: its name and answers are always the same, so that digests compare."""
    return ProjectSpec.create(catalog, idea=idea.id, name=_NAME, choices=dict(combination))


def proof_digests(catalog: Catalog, idea: Idea, combination: Mapping[str, str]) -> dict[str, Any]:
    """What a proof of a combination holds for, as it is now: digests of the plan, of each part and of the contract."""
    digests, spec = Digests(catalog), proof_spec(catalog, idea, combination)
    return {"plan": digests.plan(spec), "contract": digests.contract(idea), "layers": digests.parts(spec)}


def _services(proof: Mapping[str, Any]) -> dict[str, str]:
    """What a proof ran on, by option."""
    services = proof.get("services", {})
    return dict(services) if isinstance(services, dict) else {str(number): name for number, name in enumerate(services)}
