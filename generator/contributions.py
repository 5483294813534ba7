"""What layers contribute to files that they share, merged; what two of them cannot agree on stops with both named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from generator.errors import PlanError
from generator.layers import PARTS, README_SECTIONS, Layer


def package_versions(tested: Mapping[str, str], source: str, layers: Iterable[Layer]) -> dict[str, str]:
    """The version of every package that a layer names.

    Args:
        tested: the framework's own version map.
        source: where that map lies, for errors.
    """
    versions = {name: (version, source) for name, version in tested.items()}
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


def packages(layers: Iterable[Layer], kind: str, versions: Mapping[str, str]) -> list[dict[str, str]]:
    """Every package of a kind, ``dependencies`` or ``dev_dependencies``, once, sorted by name."""
    layers = list(layers)
    names = {name for layer in layers for name in getattr(layer, kind)}
    if kind == "dev_dependencies":
        names -= {name for layer in layers for name in layer.dependencies}
    return [{"name": name, "version": versions[name]} for name in sorted(names)]


def environment(layers: Iterable[Layer]) -> list[dict[str, Any]]:
    """Every setting once, in the order of layers."""
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


def services(layers: Iterable[Layer]) -> dict[str, Any]:
    """Every server by its name."""
    services: dict[str, tuple[Any, str]] = {}
    for layer in layers:
        for name, definition in layer.services.items():
            if name in services:
                raise PlanError(f"The service '{name}' is defined by both {services[name][1]} and {layer.id}")
            services[name] = (definition, layer.id)
    return {name: definition for name, (definition, _) in services.items()}


def lists(layers: Iterable[Layer]) -> dict[str, list[Any]]:
    """The entries of each list, in the order of layers."""
    merged: dict[str, list[Any]] = {}
    for layer in layers:
        for name, entries in layer.lists.items():
            merged.setdefault(name, []).extend(entries)
    return merged


def readme_parts(layers: Iterable[Layer]) -> tuple[tuple[tuple[str, Path], ...], dict[str, list[str]]]:
    """The fragments with their template names and sources, and those names by section."""
    sections: dict[str, list[str]] = {section: [] for section in README_SECTIONS}
    parts: list[tuple[str, Path]] = []
    for layer in layers:
        for part in layer.readme:
            name = f"{PARTS}/{layer.id}/{part['file']}"
            parts.append((name, layer.folder / PARTS / part["file"]))
            sections[part["section"]].append(name)
    return tuple(parts), sections
