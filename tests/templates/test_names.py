"""Every name that is accepted, however odd, makes a project that is valid in its language."""

from __future__ import annotations

import json
import tomllib
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

import pytest
import yaml

from generator.catalog import Catalog
from generator.plan import make_plan
from generator.render import render
from generator.spec import ProjectSpec
from tests.templates import syntax
from tests.unit.test_naming import EVERY_NAME, REFUSED

MANIFESTS: dict[str, tuple[str, Callable[[str], str]]] = {
    "express": ("package.json", lambda text: str(json.loads(text)["name"])),
    "fastapi": ("pyproject.toml", lambda text: str(tomllib.loads(text)["project"]["name"])),
    "spring": ("pom.xml", lambda text: str(ElementTree.fromstring(text).findtext("{*}artifactId"))),
}
ACCEPTED = [case.values for case in EVERY_NAME if case.values[1] is not REFUSED]


@pytest.mark.parametrize(
    ("typed", "slug", "framework"),
    [(typed, slug, framework) for (typed, slug), framework in zip(ACCEPTED, cycle(MANIFESTS))],
    ids=lambda value: ascii(value)[1:-1][:20],
)
def test_an_accepted_name_makes_a_valid_project(typed: str, slug: str, framework: str, tmp_path: Path) -> None:
    catalog = Catalog.load()
    spec = ProjectSpec.create(catalog, idea="url-shortener", name=typed, choices={"framework": framework})
    render(make_plan(catalog, spec), tmp_path / "made")

    for path in (tmp_path / "made").rglob("*"):
        if path.is_file():
            syntax.check(path.name, path.read_bytes())
    manifest, name = MANIFESTS[framework]
    assert name((tmp_path / "made" / manifest).read_text()) == slug
    for file, member in (("compose.yaml", "name"), (".scaffold.yml", "project")):
        assert yaml.safe_load((tmp_path / "made" / file).read_text())[member] == slug
