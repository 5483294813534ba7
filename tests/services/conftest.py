"""One server of each choice for the whole run, and a project small enough to start in a moment."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.services import SERVED, Service, ServicePool
from generator.services.folders import remove_folder, temporary_folder
from tests.services.toy_project import ToyProject

CHOICES = {"framework": "express", "database": "sqlite", "auth": "none", "cache": "memory"}


@pytest.fixture(scope="session")
def pool() -> Iterator[ServicePool]:
    with ServicePool() as services:
        yield services


@pytest.fixture(params=SERVED)
def service(request: pytest.FixtureRequest, pool: ServicePool) -> Service:
    return pool.get(request.param)


@pytest.fixture
def toy(tmp_path: Path) -> ToyProject:
    return ToyProject(tmp_path, "1", "url-shortener", "toy", CHOICES, "scaffold new")


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every account may enter; pytest's own is closed to others, and PostgreSQL may run as another."""
    folder = temporary_folder("test", for_another_account=True)
    folder.chmod(0o755)
    yield folder
    remove_folder(folder)
