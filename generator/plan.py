"""spec → plan: the ordered layers, every file and where it comes from, and the merged contributions.

Pure: reads templates, writes nothing, asks nothing. Whatever two layers cannot agree on stops here, with both named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from generator import __version__
from generator.catalog import Catalog, Idea
from generator.contributions import environment, lists, package_versions, packages, readme_parts, services
from generator.errors import CatalogError, PlanError
from generator.layers import TEMPLATE_SUFFIX, Layer, choice_layers
from generator.options import FRAMEWORK, Choice
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


def make_plan(catalog: Catalog, spec: ProjectSpec, *, answered: bool = True) -> Plan:
    """Compose the layers of a spec.

    Args:
        answered: with the layers of shared answers, such as a licence; without them it is the plan that is proven.

    Raises:
        PlanError: two layers write one path, want different versions of a package, or give a variable two values.
        CatalogError: a layer is malformed.
    """
    idea = catalog.idea(spec.idea)
    layers = layers_of(catalog, spec, answered=answered)
    source = f"shared/{spec.framework}/versions.yml"
    versions = package_versions(catalog.versions(spec.framework), source, layers)
    parts, readme = readme_parts(layers)
    choices = {option: _facts(catalog.options[option].choice(choice)) for option, choice in spec.choices.items()}
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
        **choices,
        "choices": choices,
        "dependencies": packages(layers, "dependencies", versions),
        "dev_dependencies": packages(layers, "dev_dependencies", versions),
        "environment": environment(layers),
        "services": services(layers),
        "lists": lists(layers),
        "readme": readme,
        "commands": {name: list(argv) for layer in layers for name, argv in layer.commands.items()},
        "scaffold": {"version": __version__, "command": spec.command(), "answers": spec.recorded},
        "answers": {**spec.answers, **_filled(catalog, spec)},
    }
    return Plan(spec, layers, tuple(_files(layers)), parts, context, dict(idea.questions))


def _facts(choice: Choice) -> dict[str, str]:
    return {"id": choice.id, "title": choice.title, "about": choice.about, "family": choice.family}


def _filled(catalog: Catalog, spec: ProjectSpec) -> dict[str, str]:
    """What templates see of shared answers that are empty."""
    return {
        key: answer.empty.format(title=spec.title)
        for key, answer in catalog.answers.items()
        if answer.empty and not spec.shared[key]
    }


def _folders(catalog: Catalog, idea: Idea, spec: ProjectSpec, answered: bool) -> Iterator[tuple[Path, str, bool]]:
    """The root, the folder and whether it must be there, of every place that layers are looked for in, in order."""

    def filled(templates: Iterable[str], option: str, choice: str) -> list[str]:
        return [text.format(framework=spec.framework, option=option, choice=choice) for text in templates]

    asked = [(catalog.options[option], choice) for option, choice in spec.choices.items()]
    optional = [
        *((option.id, option.optional_layers, choice) for option, choice in asked),
        *((key, answer.optional_layers, str(spec.shared[key])) for key, answer in catalog.answers.items() if answered),
    ]
    # The framework's own layers come first: what belongs to the other options builds on them.
    needed = [(option.id, option.layers, choice) for option, choice in asked]
    first = [entry for entry in needed if entry[0] == FRAMEWORK]
    yield catalog.shared, "shared/base", True
    for entries, must in ((first, True), (optional, False), ([entry for entry in needed if entry not in first], True)):
        for option_id, templates, choice in entries:
            for folder in filled(templates, option_id, choice):
                yield catalog.shared, folder, must
    yield idea.root, f"{idea.folder}/{spec.framework}", True
    yield idea.root, f"{idea.folder}/docs", False


def layers_of(catalog: Catalog, spec: ProjectSpec, *, answered: bool = True, whole: bool = True) -> tuple[Layer, ...]:
    """The layers of a spec in order, see :func:`make_plan`; unless ``whole`` some may be missing."""
    idea = catalog.idea(spec.idea)
    families = catalog.family(spec.choices)
    seen: dict[str, Layer] = {}

    def add(root: Path, folder: str, wanted_by: tuple[str, ...] = ()) -> list[Layer]:
        found = choice_layers(root, folder, families)
        for layer in found:
            if layer.id in wanted_by:
                raise PlanError(f"{layer.id} and {wanted_by[-1]} require each other", "Let one of them stand alone.")
            # What is required lies beside: under shared/<framework>/, or shared/services/ for what is in there.
            inside = layer.id.split("/")[:2]
            home = "/".join(inside) if inside[0] == "shared" else f"shared/{spec.framework}"
            for required in layer.requires:
                if not add(catalog.shared, f"{home}/{required}", (*wanted_by, layer.id)):
                    raise PlanError(f"{layer.id}/layer.yml requires '{required}', which is not in {home}/")
            seen.setdefault(layer.id, layer)
        return found

    for root, folder, must in _folders(catalog, idea, spec, answered):
        if not add(root, folder) and must and whole:
            raise PlanError(f"There is no layer at {folder}", "The catalogue offers a choice that has no files.")
    return tuple(seen.values())


def commands_of(catalog: Catalog, spec: ProjectSpec) -> dict[str, tuple[str, ...]]:
    """The commands of a generated project (``install``, ``start`` …) as argument lists.

    Raises:
        CatalogError: no layer contributes any.
    """
    layers = layers_of(catalog, spec, answered=False, whole=False)
    merged = {name: argv for layer in layers for name, argv in layer.commands.items()}
    if not merged:
        raise CatalogError(f"No layer of {spec.framework} contributes commands", "Its chassis has to.")
    return merged


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
