"""Digests of what determines a project, so that two forms of it compare without being generated."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from typing import Any

from generator.catalog import Catalog, Idea
from generator.layers import PARTS, Layer
from generator.plan import Plan, layers_of, make_plan
from generator.spec import ProjectSpec

LENGTH = 16  # hexadecimal digits of a part's digest: 64 bits tell a few hundred forms apart
_OF_A_NAME = frozenset({"project", "scaffold", "answers"})


class Digests:
    """Digests over one catalogue, which must not change meanwhile: every file is read once.

    Args:
        catalog: the catalogue.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._files: dict[Path, str] = {}
        self._layers: dict[tuple[str, str], str] = {}
        self._contracts: dict[Path, str] = {}

    def plan(self, spec: ProjectSpec) -> str:
        """Of all that determines the generated tree, the name and the shared answers left out.

        Rendering is a function of these bytes (design rule 7), so two plans of one digest generate one tree.
        """
        return self.of_plan(make_plan(self._catalog, spec, answered=False))

    def of_plan(self, plan: Plan) -> str:
        """The same of a plan that was made without the layers of shared answers."""
        files = [(file.path, file.source) for file in plan.files]
        context = {key: value for key, value in plan.context.items() if key not in _OF_A_NAME}
        return _digest([*self._of_files([*files, *plan.parts]), _text({**context, "own": dict(plan.spec.own)})])

    def parts(self, spec: ProjectSpec) -> dict[str, str]:
        """Of each thing that a project is composed of: its layers, what is known of its choices, its idea.

        A layer's digest covers its files and its manifest, and the versions of the packages that it names.
        """
        catalog, idea = self._catalog, self._catalog.idea(spec.idea)
        layers = layers_of(catalog, spec, answered=False)
        facts = {option: catalog.options[option].choice(choice) for option, choice in spec.choices.items()}
        about = (idea.title, idea.summary, idea.level, idea.teaches, idea.endpoints, dict(spec.own))
        return {
            **{layer.id: self._layer(layer, spec.framework) for layer in layers},
            **{f"{option}={choice.id}": _digest([_text(vars(choice))])[:LENGTH] for option, choice in facts.items()},
            "idea": _digest([_text(about)])[:LENGTH],
        }

    def contract(self, idea: Idea) -> str:
        """Of the contract's files, the shared ones included."""
        if idea.path not in self._contracts:
            lines: list[str] = []
            for folder in (self._catalog.shared / "shared" / "contract", idea.path / "contract"):
                paths = [path for path in sorted(folder.rglob("*")) if path.suffix in {".py", ".yaml"}]
                lines += self._of_files((path.relative_to(folder).as_posix(), path) for path in paths if path.is_file())
            self._contracts[idea.path] = _digest(lines)
        return self._contracts[idea.path]

    def _layer(self, layer: Layer, framework: str) -> str:
        key = (layer.id, framework)
        if key not in self._layers:
            versions = self._catalog.versions(framework)
            named = {name: versions.get(name) for name in (*layer.dependencies, *layer.dev_dependencies)}
            manifest = {one.name: getattr(layer, one.name) for one in fields(layer) if one.name != "folder"}
            manifest["overrides"] = sorted(layer.overrides)
            fragments = [(f"{PARTS}/{part['file']}", layer.folder / PARTS / part["file"]) for part in layer.readme]
            lines = self._of_files([*layer.files(), *fragments])
            self._layers[key] = _digest([*lines, _text(manifest), _text(named)])[:LENGTH]
        return self._layers[key]

    def _of_files(self, files: Iterable[tuple[str, Path]]) -> list[str]:
        """A line for each file: its path, whether it can be executed, and its content's digest."""
        return [f"{path}\0{os.access(source, os.X_OK):d}\0{self._file(source)}" for path, source in files]

    def _file(self, source: Path) -> str:
        if source not in self._files:
            self._files[source] = hashlib.sha256(source.read_bytes()).hexdigest()
        return self._files[source]


def _digest(lines: Iterable[str]) -> str:
    """SHA-256 of lines."""
    content = hashlib.sha256()
    for line in lines:
        content.update(f"{line}\n".encode())
    return content.hexdigest()


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=list)
