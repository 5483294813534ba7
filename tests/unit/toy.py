"""A small template root, built anew for each test, so that a test states every file that matters to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from generator.catalog import Catalog
from generator.layers import load_layer
from generator.plan import Plan, make_plan
from generator.spec import ProjectSpec

QUESTIONS = {
    "framework": {"help": "Framework?", "default": "toy", "choices": {"Toy": "toy"}},
    "database": {"help": "Database?", "default": "one", "choices": {"One": "one", "Two": "two"}},
    "auth": {"help": "Auth?", "default": "none", "choices": {"Nobody": "none"}},
    "cache": {"help": "Cache?", "default": "memory", "choices": {"Memory": "memory"}},
}
FACTS = {
    "framework": {"layers": ["shared/{framework}/chassis"], "choices": {"toy": {"title": "Toy"}}},
    "database": {
        "optional_layers": ["shared/services/{choice}"],
        "choices": {"one": {"title": "One", "family": "sql"}, "two": {"title": "Two", "family": "mongodb"}},
    },
    "auth": {"choices": {"none": {"title": "none"}}},
    "cache": {"optional_layers": ["shared/services/{choice}"], "choices": {"memory": {"title": "Memory"}}},
}
BASE = "shared/base"
CHASSIS = "shared/toy/chassis"
ONE = "shared/toy/database/one"
TWO = "shared/toy/database/two"
AUTH = "shared/toy/auth/none"
CACHE = "shared/toy/cache/memory"
DEMO = "beginner/demo/toy/common"


@dataclass
class ToyRoot:
    """Templates of one idea in one framework; every layer exists and is empty until a test fills it."""

    path: Path
    idea: dict[str, Any] = field(default_factory=dict)
    questions: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.write("shared/questions.yml", {**QUESTIONS, **self.questions})
        self.write("shared/choices.yml", {**FACTS, **self.facts})
        self.versions(left="1.0.0", right="2.0.0")
        about = {"title": "Demo", "summary": "A demo.", "teaches": ["Demos"], "endpoints": ["GET /demo"]}
        offers = {"toy": {"database": ["one", "two"], "auth": ["none"], "cache": ["memory"]}}
        self.write("beginner/demo/copier.yml", {"_idea": about, "_offers": offers, **self.idea})
        for layer in (BASE, ONE, TWO, AUTH, CACHE, DEMO):
            self.layer(layer)
        self.layer(CHASSIS, commands={"start": ["true"]})

    def layer(self, layer_id: str, files: dict[str, str] | None = None, **manifest: Any) -> Path:
        """Write a layer's manifest and files; returns its folder."""
        load_layer.cache_clear()
        self.write(f"{layer_id}/layer.yml", {"summary": f"The layer {layer_id}", **manifest})
        for name, text in (files or {}).items():
            path = self.path / layer_id / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return self.path / layer_id

    def versions(self, **packages: str) -> None:
        """Replace the version map."""
        self.write("shared/toy/versions.yml", {"packages": packages})

    def catalog(self) -> Catalog:
        return Catalog([self.path])

    def spec(self, name: str = "my-demo", answers: dict[str, Any] | None = None, **choices: str) -> ProjectSpec:
        return ProjectSpec.create(self.catalog(), idea="demo", name=name, choices=choices, answers=answers)

    def plan(self, name: str = "my-demo", answers: dict[str, Any] | None = None, **choices: str) -> Plan:
        return make_plan(self.catalog(), self.spec(name, answers, **choices))

    def write(self, name: str, data: dict[str, Any]) -> None:
        """Write a YAML file below the root."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
