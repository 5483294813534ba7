"""The only writer of ledgers."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generator import __version__
from generator.ledger import read_proofs
from generator.services.folders import cache_folder, locked


def record(ledger: Path, name: str, proof: Mapping[str, Any]) -> None:
    """Add or replace one proof; several runs at once lose none.

    Args:
        ledger: the idea's ``proofs.json``.
        name: the combination.
        proof: its digests and what was seen; version and date are added.
    """
    locks = cache_folder() / "ledgers"
    locks.mkdir(exist_ok=True)
    key = hashlib.sha256(str(ledger.resolve()).encode()).hexdigest()[:16]
    today = f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}"
    with locked(locks / f"{key}.lock"):
        proofs = {**read_proofs(ledger), name: {"scaffold": __version__, "date": today, **proof}}
        half = ledger.with_name(f".{ledger.name}.{os.getpid()}")
        try:
            half.write_text(json.dumps(dict(sorted(proofs.items())), indent=2) + "\n", encoding="utf-8")
            half.replace(ledger)
        finally:
            half.unlink(missing_ok=True)
