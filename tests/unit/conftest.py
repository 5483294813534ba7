from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.toy import ToyRoot


@pytest.fixture
def toy(tmp_path: Path) -> ToyRoot:
    return ToyRoot(tmp_path / "templates")
