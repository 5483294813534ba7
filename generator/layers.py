"""Layers: folders of files that belong to one choice, with what they contribute to shared files.

A *choice folder* is one layer (``layer.yml`` lies directly in it) or holds the layer ``common`` and one for each
family of choices (``sql``, ``mongodb``, ``accounts``), each of which may be such a folder itself: what is in
``accounts/sql`` applies where both do. Everything in a layer beside ``layer.yml`` and ``_parts/`` is a project file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from generator.errors import CatalogError

MANIFEST = "layer.yml"
PARTS = "_parts"
TEMPLATE_SUFFIX = ".jinja"
README_SECTIONS = ("intro", "diagram", "api", "hard-parts", "choices", "development", "deployment", "interview")

_IGNORED_NAMES = frozenset(
    {"__pycache__", "node_modules", ".venv", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".DS_Store"}
)
# Every key of a manifest and the type of its value; behind a mapping's, that of the values in it.
_KEYS: dict[str, tuple[Any, ...]] = {
    "summary": (str,),
    **dict.fromkeys(("requires", "overrides", "dependencies", "dev_dependencies", "environment", "readme"), (list,)),
    **dict.fromkeys(("versions", "services"), (dict,)),
    **dict.fromkeys(("lists", "commands"), (dict, list)),
}
_VARIABLE_KEYS = frozenset({"name", "value", "compose", "about", "secret"})


@dataclass(frozen=True)
class Layer:
    """One folder of files and its contributions, as read from ``layer.yml``."""

    id: str
    folder: Path
    summary: str
    requires: tuple[str, ...] = ()
    overrides: frozenset[str] = frozenset()
    dependencies: tuple[str, ...] = ()
    dev_dependencies: tuple[str, ...] = ()
    versions: dict[str, str] = field(default_factory=dict)
    environment: tuple[dict[str, Any], ...] = ()
    lists: dict[str, list[Any]] = field(default_factory=dict)
    readme: tuple[dict[str, str], ...] = ()
    commands: dict[str, tuple[str, ...]] = field(default_factory=dict)
    services: dict[str, Any] = field(default_factory=dict)

    def files(self) -> Iterator[tuple[str, Path]]:
        """Project paths (POSIX, relative, as they lie in the layer) and where each file is, in sorted order."""
        for path in sorted(self.folder.rglob("*")):
            relative = path.relative_to(self.folder)
            if _IGNORED_NAMES.intersection(relative.parts) or relative.parts[0] in {MANIFEST, PARTS}:
                continue
            if path.suffix in {".pyc", ".pyo"} or path.is_dir():
                continue
            yield relative.as_posix(), path


def choice_layers(root: Path, choice: str, families: Sequence[str]) -> list[Layer]:
    """The layers of a choice folder that apply.

    Args:
        root: the templates root; layer ids are relative to it.
        choice: the choice folder, relative to ``root``.
        families: those of the choices, such as ``sql``.

    Returns:
        The layers in order; empty when there is no such folder.
    """
    if (root / choice / MANIFEST).is_file():
        return [load_layer(root, choice)]
    parts = [f"{choice}/{part}" for part in ("common", *families) if (root / choice / part).is_dir()]
    return [layer for part in parts for layer in choice_layers(root, part, families)]


@cache
def load_layer(root: Path, layer_id: str) -> Layer:
    """Read and check one ``layer.yml``.

    Raises:
        CatalogError: the file is not valid; names the file and the key.
    """
    path = root / layer_id / MANIFEST
    data = read_yaml(path)
    unknown = sorted(set(data) - set(_KEYS))
    if unknown:
        raise CatalogError(f"{path}: unknown key '{unknown[0]}'", f"Known keys: {', '.join(sorted(_KEYS))}.")
    if data.get("summary") is None:
        raise CatalogError(f"{path}: 'summary' is missing", "Say in one line what the layer brings.")
    for key, value in data.items():
        outer, *inner = _KEYS[key]
        entries = value.values() if inner and isinstance(value, dict) else ()
        if not isinstance(value, outer) or not all(isinstance(entry, inner[0]) for entry in entries):
            raise CatalogError(f"{path}: '{key}' is malformed: {value!r}", "Compare it with another layer's.")
    for variable in data.get("environment", []):
        if not isinstance(variable, dict) or "name" not in variable or set(variable) - _VARIABLE_KEYS:
            raise CatalogError(
                f"{path}: an environment entry is malformed: {variable!r}", "Give name, value and about."
            )
    for part in data.get("readme", []):
        given = part if isinstance(part, dict) else {}
        if given.get("section") not in README_SECTIONS or not (path.parent / PARTS / str(given.get("file"))).is_file():
            raise CatalogError(f"{path}: a README part names no section or no file in {PARTS}/: {part!r}")
    return Layer(
        id=layer_id,
        folder=path.parent,
        summary=data["summary"],
        requires=tuple(data.get("requires", ())),
        overrides=frozenset(data.get("overrides", ())),
        dependencies=tuple(data.get("dependencies", ())),
        dev_dependencies=tuple(data.get("dev_dependencies", ())),
        versions={name: str(version) for name, version in data.get("versions", {}).items()},
        environment=tuple(data.get("environment", ())),
        lists={name: list(entries) for name, entries in data.get("lists", {}).items()},
        readme=tuple(data.get("readme", ())),
        commands={name: tuple(map(str, argv)) for name, argv in data.get("commands", {}).items()},
        services=data.get("services", {}),
    )


def read_yaml(path: Path) -> dict[str, Any]:
    """A YAML mapping from a file; an empty file is an empty mapping.

    Raises:
        CatalogError: the file is missing, not YAML, or not a mapping.
    """
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
    except OSError as error:
        raise CatalogError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CatalogError(f"{path} is not UTF-8 text", "Save it as UTF-8.") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise CatalogError(f"{path}{line} is not valid YAML: {getattr(error, 'problem', error)}") from error
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise CatalogError(f"{path} does not hold a mapping")
    return data


# libyaml reads the catalogue several times faster where the wheel has it.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
