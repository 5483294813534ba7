"""A project's packages lie in the project, whatever lies around it and whatever its owner has set."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.catalog import Catalog
from generator.plan import make_plan
from generator.project import Project
from generator.render import render
from generator.runtime.stack import Stack
from generator.spec import ProjectSpec


@pytest.fixture
def fastapi(tmp_path: Path) -> Path:
    """A FastAPI project in a folder that is another project's uv workspace and takes every folder for a member."""
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "parent"\nversion = "1"\nrequires-python = ">=3.11"\n[tool.uv.workspace]\nmembers = ["*"]\n'
    )
    catalog = Catalog.load()
    spec = ProjectSpec.create(catalog, idea="url-shortener", name="links", choices={"framework": "fastapi"})
    render(make_plan(catalog, spec), tmp_path / "links")
    return tmp_path / "links"


def test_python_packages_stay_in_their_project(fastapi: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("UV_PROJECT_ENVIRONMENT", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("UV_WORKING_DIR", str(tmp_path))

    with Stack(Project.load(fastapi)) as stack:
        stack.install()
        stack.migrate()

    assert (fastapi / ".venv/bin/python").exists()
    assert (fastapi / "uv.lock").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["links", "pyproject.toml"]
