"""The ledger of proofs: which combinations were generated, built, tested and passed through their contract.

It is data in the idea's folder (``proofs.json``), written only by the prover. A proof holds for the digest of the
plan and of the contract it was made with; when either changes, the combination is unproven again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.catalog import Catalog, Idea
from generator.errors import CatalogError
from generator.plan import make_plan
from generator.spec import ProjectSpec

FILE = "proofs.json"
_NAME = "proof"


@dataclass
class Ledger:
    """Proofs of one idea, by combination."""

    path: Path
    proofs: dict[str, dict[str, Any]]

    @classmethod
    def read(cls, idea: Idea) -> Ledger:
        """The idea's ledger; empty when nothing has been proven."""
        path = idea.path / FILE
        try:
            return cls(path, json.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return cls(path, {})
        except ValueError as error:
            raise CatalogError(f"{path} is not valid JSON: {error}") from error

    def state(self, catalog: Catalog, idea: Idea, combination: Mapping[str, str]) -> str:
        """``proven``, ``outdated`` (proven in an earlier form) or ``unproven``."""
        spec = proof_spec(catalog, idea, combination)
        proof = self.proofs.get(spec.combination)
        if proof is None:
            return "unproven"
        current = {"plan": make_plan(catalog, spec).digest(), "contract": contract_digest(catalog, idea)}
        return "proven" if all(proof.get(key) == value for key, value in current.items()) else "outdated"

    def record(self, spec: ProjectSpec, proof: Mapping[str, Any]) -> None:
        """Write a proof of a combination, keeping all others."""
        self.proofs[spec.combination] = dict(proof)
        text = json.dumps(dict(sorted(self.proofs.items())), indent=2)
        self.path.write_text(f"{text}\n", encoding="utf-8")


def proof_spec(catalog: Catalog, idea: Idea, combination: Mapping[str, str]) -> ProjectSpec:
    """The spec that stands for a combination: its name is always the same, so that digests compare."""
    return ProjectSpec.create(catalog, idea=idea.id, name=_NAME, choices=dict(combination))


def contract_digest(catalog: Catalog, idea: Idea) -> str:
    """SHA-256 of the contract's files, the shared ones included."""
    content = hashlib.sha256()
    for folder in (catalog.shared / "shared" / "contract", idea.path / "contract"):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix in {".py", ".yaml"}:
                digest = hashlib.sha256(path.read_bytes()).hexdigest()
                content.update(f"{path.relative_to(folder).as_posix()}\0{digest}\n".encode())
    return content.hexdigest()
