"""What two ideas of one framework have in common is in the shared layers, once, and reaches both of them unchanged."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations as pairs
from pathlib import Path

import pytest

from generator.plan import Plan
from tests.templates.conftest import Rendered, combinations

FRAMEWORKS = ("express", "fastapi", "spring")
CODE = {".ts", ".py", ".java", ".js", ".mjs"}
# Migrations are alike in their frame: each table has an id, an owner and times.
APPLICATION = ("src/", "app/")
RUN = 6


def plans(rendered: Rendered, framework: str) -> list[Plan]:
    return [rendered.plan(one) for one in combinations() if one.partition("/")[2].startswith(f"{framework}-")]


def is_own(layer: str) -> bool:
    return not layer.startswith("shared/")


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_shared_file_comes_from_one_layer_whatever_the_idea(rendered: Rendered, framework: str) -> None:
    """For the same database, sign-in and cache a path has the same source in each idea that takes it from a layer."""
    sources: dict[tuple[str, str], dict[Path, str]] = defaultdict(dict)
    for plan in plans(rendered, framework):
        choices = plan.spec.choices
        key = " ".join(choices.get(option, "memory") for option in ("database", "auth", "cache"))
        for file in plan.files:
            if not is_own(file.layer):
                sources[key, file.path][file.source] = plan.spec.idea

    assert {key: found for key, found in sources.items() if len(found) > 1} == {}


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_shared_file_reaches_each_idea_byte_for_byte(rendered: Rendered, framework: str) -> None:
    first = {plan.spec.idea: plan for plan in reversed(plans(rendered, framework))}
    changed = []
    for plan in first.values():
        name = f"{plan.spec.idea}/{'-'.join(plan.spec.choices.values())}"
        files = rendered.files(name)
        changed += [
            f"{name}: {file.path}"
            for file in plan.files
            if not is_own(file.layer) and not file.rendered and files[file.path] != file.source.read_bytes()
        ]

    assert changed == []


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_no_idea_copies_a_file_of_another(rendered: Rendered, framework: str) -> None:
    owners: dict[bytes, set[str]] = defaultdict(set)
    for plan in plans(rendered, framework):
        for file in plan.files:
            if Path(file.path).suffix in CODE and (content := file.source.read_bytes()).strip():
                owners[content].add(plan.spec.idea if is_own(file.layer) else "shared")

    assert [ideas for ideas in owners.values() if len(ideas) > 1] == []


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_no_idea_repeats_six_lines_of_another_or_of_a_shared_layer(rendered: Rendered, framework: str) -> None:
    """Of the application: comments, imports, blank lines and lone brackets do not count."""
    texts: dict[str, dict[Path, list[str]]] = defaultdict(dict)
    for plan in plans(rendered, framework):
        for file in plan.files:
            if Path(file.path).suffix in CODE and file.path.startswith(APPLICATION):
                owner = plan.spec.idea if is_own(file.layer) else "shared"
                texts[owner].setdefault(file.source, said(file.source.read_text(encoding="utf-8")))
    runs = {
        owner: {
            run: source
            for source, lines in files.items()
            for run in zip(*(lines[n:] for n in range(RUN)), strict=False)
        }
        for owner, files in texts.items()
    }

    repeated = {
        (str(runs[one][run]), str(runs[other][run])): run
        for one, other in pairs(sorted(runs), 2)
        for run in runs[one].keys() & runs[other].keys()
    }
    assert repeated == {}


def said(text: str) -> list[str]:
    """The lines that say something, without their indentation."""
    lines = (line.strip() for line in text.splitlines())
    skipped = ("import ", "from ", "//", "#", "*", "/*", '"""', "package ")
    return [line for line in lines if any(map(str.isalnum, line)) and not line.startswith(skipped)]
