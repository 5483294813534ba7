"""spec → plan: the ordered layers, every file and where it comes from, and the merged contributions.

Pure: reads templates, writes nothing, asks nothing. Whatever two layers cannot agree on stops here, with both named.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from generator import __version__
from generator.catalog import Catalog, Idea
from generator.errors import PlanError
from generator.layers import PARTS, README_SECTIONS, TEMPLATE_SUFFIX, Layer, choice_layers
from generator.spec import ProjectSpec


@dataclass(frozen=True)
class PlannedFile:
    """One file of the project.

    Attributes:
        path: where it goes, POSIX, relative to the project.
        source: where it lies in its layer.
        layer: id of that layer.
        rendered: whether it is a template.
    """

    path: str
    source: Path
    layer: str
    rendered: bool


@dataclass(frozen=True)
class Plan:
    """Everything the renderer needs, and nothing it has to decide."""

    spec: ProjectSpec
    layers: tuple[Layer, ...]
    files: tuple[PlannedFile, ...]
    parts: tuple[tuple[str, Path], ...]
    context: dict[str, Any]
    questions: dict[str, Any]

    def digest(self) -> str:
        """SHA-256 of all that determines the generated tree, the project's name and the version left out.

        Rendering is a function of these bytes (design rule 7), so two plans of one digest generate one tree.
        """
        content = hashlib.sha256()
        for path, source in (*((file.path, file.source) for file in self.files), *self.parts):
            content.update(f"{path}\0{hashlib.sha256(source.read_bytes()).hexdigest()}\n".encode())
        nameless = {key: value for key, value in self.context.items() if key not in {"project", "scaffold"}}
        content.update(json.dumps(nameless, sort_keys=True).encode())
        return content.hexdigest()


def make_plan(catalog: Catalog, spec: ProjectSpec) -> Plan:
    """Compose the layers of a spec.

    Raises:
        PlanError: two layers write one path, want different versions of a package, or give a variable two values.
        CatalogError: a layer is malformed.
    """
    idea = catalog.idea(spec.idea)
    layers = tuple(_ordered_layers(catalog, idea, spec))
    versions = _versions(catalog, spec, layers)
    environment = _environment(layers)
    parts, readme = _readme(layers)
    options = {
        option_id: _facts(catalog.options[option_id].choice(choice)) for option_id, choice in spec.choices.items()
    }
    context: dict[str, Any] = {
        "project": {"slug": spec.slug, "title": spec.title},
        "idea": {
            "id": idea.id,
            "title": idea.title,
            "summary": idea.summary,
            "level": idea.level,
            "teaches": list(idea.teaches),
            "endpoints": [{"method": method, "path": path} for method, path in idea.endpoints],
        },
        **options,
        "dependencies": _packages(layers, "dependencies", versions),
        "dev_dependencies": _packages(layers, "dev_dependencies", versions),
        "environment": environment,
        "services": _services(layers),
        "lists": _lists(layers),
        "readme": readme,
        "commands": {name: list(argv) for layer in layers for name, argv in layer.commands.items()},
        "scaffold": {"version": __version__, "command": spec.command()},
        "answers": dict(spec.answers),
    }
    return Plan(spec, layers, tuple(_files(layers)), parts, context, dict(idea.questions))


def _ordered_layers(catalog: Catalog, idea: Idea, spec: ProjectSpec) -> Iterable[Layer]:
    family = catalog.options["database"].choice(spec.database).family
    framework = f"shared/{spec.framework}"
    wanted: list[tuple[Path, str]] = [
        (catalog.shared, "shared/base"),
        (catalog.shared, f"{framework}/chassis"),
        (catalog.shared, f"shared/services/{spec.database}"),
        (catalog.shared, f"shared/services/{spec.auth}"),
        (catalog.shared, f"shared/services/{spec.cache}"),
        (catalog.shared, f"{framework}/database/{spec.database}"),
        (catalog.shared, f"{framework}/auth/{spec.auth}"),
        (catalog.shared, f"{framework}/cache/{spec.cache}"),
        (idea.root, f"{idea.folder}/{spec.framework}"),
        (idea.root, f"{idea.folder}/docs"),
    ]
    seen: dict[str, Layer] = {}

    def add(root: Path, choice: str, wanted_by: tuple[str, ...] = ()) -> list[Layer]:
        found = choice_layers(root, choice, family)
        for layer in found:
            if layer.id in wanted_by:
                raise PlanError(f"{layer.id} and {wanted_by[-1]} require each other", "Let one of them stand alone.")
            home = "shared/services" if layer.id.startswith("shared/services/") else framework
            for required in layer.requires:
                if not add(catalog.shared, f"{home}/{required}", (*wanted_by, layer.id)):
                    raise PlanError(f"{layer.id}/layer.yml requires '{required}', which is not in {home}/")
            seen.setdefault(layer.id, layer)
        return found

    for root, choice in wanted:
        found = add(root, choice)
        optional = choice.startswith("shared/services/") or choice.endswith("/docs")
        if not found and not optional:
            raise PlanError(f"There is no layer at {choice}", "The catalogue offers a choice that has no files.")
    return seen.values()


def _files(layers: Iterable[Layer]) -> list[PlannedFile]:
    planned: dict[str, PlannedFile] = {}
    for layer in layers:
        for relative, source in layer.files():
            rendered = relative.endswith(TEMPLATE_SUFFIX)
            path = relative.removesuffix(TEMPLATE_SUFFIX)
            earlier = planned.get(path)
            if earlier and path not in layer.overrides:
                raise PlanError(
                    f"{path} is written by both {earlier.layer} and {layer.id}",
                    f"Give it to one of them, or declare 'overrides: [{path}]' in {layer.id}/layer.yml.",
                )
            planned[path] = PlannedFile(path, source, layer.id, rendered)
    files = [planned[path] for path in sorted(planned)]
    _check_names(files)
    return files


def _check_names(files: Iterable[PlannedFile]) -> None:
    """Refuse a path that is a file in one layer and a folder in another, or differs in case only, as on macOS."""
    folded: dict[str, PlannedFile] = {}
    for file in files:
        other = folded.setdefault(file.path.casefold(), file)
        if other is not file:
            raise PlanError(
                f"{other.path} of {other.layer} and {file.path} of {file.layer} differ in case only",
                "Rename one of them.",
            )
    for file in folded.values():
        for parent in PurePosixPath(file.path.casefold()).parents:
            other = folded.get(str(parent), file)
            if other is not file:
                raise PlanError(
                    f"{other.path} is a file in {other.layer} and a folder in {file.layer}", "Rename one of them."
                )


def _versions(catalog: Catalog, spec: ProjectSpec, layers: Iterable[Layer]) -> dict[str, str]:
    source = f"shared/{spec.framework}/versions.yml"
    versions = {name: (version, source) for name, version in catalog.versions(spec.framework).items()}
    for layer in layers:
        for name, version in layer.versions.items():
            known, owner = versions.get(name, (version, layer.id))
            if known != version:
                raise PlanError(f"{owner} wants {name} {known} and {layer.id} wants {version}", "Agree on one version.")
            versions[name] = (version, layer.id)
        for name in (*layer.dependencies, *layer.dev_dependencies):
            if name not in versions:
                raise PlanError(f"{layer.id}/layer.yml names '{name}', which has no version", f"Add it to {source}.")
    return {name: version for name, (version, _) in versions.items()}


def _packages(layers: Iterable[Layer], kind: str, versions: dict[str, str]) -> list[dict[str, str]]:
    layers = list(layers)
    names = {name for layer in layers for name in getattr(layer, kind)}
    if kind == "dev_dependencies":
        names -= {name for layer in layers for name in layer.dependencies}
    return [{"name": name, "version": versions[name]} for name in sorted(names)]


def _environment(layers: Iterable[Layer]) -> list[dict[str, Any]]:
    variables: dict[str, tuple[dict[str, Any], str]] = {}
    for layer in layers:
        for entry in layer.environment:
            variable = {"value": "", "compose": None, "about": "", "secret": False, **entry}
            earlier = variables.get(variable["name"])
            if earlier and earlier[0] != variable and f"env:{variable['name']}" not in layer.overrides:
                raise PlanError(
                    f"{variable['name']} has one default in {earlier[1]} and another in {layer.id}",
                    f"Agree on one, or declare 'overrides: [\"env:{variable['name']}\"]' in {layer.id}/layer.yml.",
                )
            variables[variable["name"]] = (variable, layer.id)
    return [variable for variable, _ in variables.values()]


def _services(layers: Iterable[Layer]) -> dict[str, Any]:
    services: dict[str, tuple[Any, str]] = {}
    for layer in layers:
        for name, definition in layer.services.items():
            if name in services:
                raise PlanError(f"The service '{name}' is defined by both {services[name][1]} and {layer.id}")
            services[name] = (definition, layer.id)
    return {name: definition for name, (definition, _) in services.items()}


def _lists(layers: Iterable[Layer]) -> dict[str, list[Any]]:
    merged: dict[str, list[Any]] = {}
    for layer in layers:
        for name, entries in layer.lists.items():
            merged.setdefault(name, []).extend(entries)
    return merged


def _readme(layers: Iterable[Layer]) -> tuple[tuple[tuple[str, Path], ...], dict[str, list[str]]]:
    sections: dict[str, list[str]] = {section: [] for section in README_SECTIONS}
    parts: list[tuple[str, Path]] = []
    for layer in layers:
        for part in layer.readme:
            name = f"{PARTS}/{layer.id}/{part['file']}"
            parts.append((name, layer.folder / PARTS / part["file"]))
            sections[part["section"]].append(name)
    return tuple(parts), sections


def _facts(choice: Any) -> dict[str, str]:
    return {"id": choice.id, "title": choice.title, "about": choice.about, "family": choice.family}
