"""The template sources themselves: real files, few of them templates, none of them unused."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from generator.catalog import Catalog
from generator.layers import MANIFEST, PARTS, load_layer
from generator.plan import PlannedFile
from tests.templates import syntax
from tests.templates.conftest import Rendered, answered, combinations

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
FRAMEWORKS = ("express", "fastapi", "spring")
SOURCE_CODE = {".ts", ".py", ".java", ".js", ".mjs", ".sql"}
CACHES = {"__pycache__", ".ruff_cache", ".mypy_cache", ".pytest_cache"}
DIRECTIVE = re.compile(r"^[ \t]*(?:#%|//%|--%|<!--%)[ \t]", re.MULTILINE)
CHOICE = re.compile(r"\b(?:framework|database|auth|cache)\b\s*(?:\.\s*(?:id|family|title)|\[)")


def source_files(framework: str) -> list[PlannedFile]:
    """All but the pages in Markdown: each is a list of parts of layers, and holds no source code."""
    return [file for file in sources(framework) if not file.path.endswith(".md")]


def sources(framework: str) -> list[PlannedFile]:
    """Every file that some project of a framework is made of, shared ones included, each once."""
    rendered = Rendered(Catalog.load(), Path())
    mine = [combination for combination in combinations() if f"/{framework}-" in combination]
    return list({file.source: file for combination in mine for file in rendered.plan(combination).files}.values())


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_at_most_one_file_in_ten_is_a_template(framework: str) -> None:
    files = source_files(framework)
    templates = [file.source for file in files if file.rendered]

    assert len(templates) * 10 <= len(files), f"{len(templates)} of {len(files)}: {sorted(map(str, templates))}"


def test_at_most_one_file_in_ten_has_a_control_tag() -> None:
    files = {file.source: file for framework in FRAMEWORKS for file in source_files(framework)}
    tagged = [source for source, file in files.items() if file.rendered and DIRECTIVE.search(source.read_text())]

    assert len(tagged) * 10 <= len(files)


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_no_source_code_depends_on_a_choice(framework: str) -> None:
    asking = [
        f"{file.source.relative_to(ROOT)}: {match.group()}"
        for file in sources(framework)
        if file.rendered and Path(file.path).suffix in SOURCE_CODE
        if (match := CHOICE.search(file.source.read_text(encoding="utf-8")))
    ]

    assert asking == []


def test_a_template_is_one_for_a_reason() -> None:
    idle = [
        str(file.source.relative_to(ROOT))
        for framework in FRAMEWORKS
        for file in sources(framework)
        if file.rendered
        if not DIRECTIVE.search(text := file.source.read_text(encoding="utf-8")) and "<%=" not in text
    ]

    assert idle == []


def test_static_files_parse_where_they_lie() -> None:
    problems = {}
    for file in {file.source: file for framework in FRAMEWORKS for file in sources(framework)}.values():
        if not file.rendered:
            try:
                syntax.check(file.path, file.source.read_bytes())
            except Exception as error:
                problems[str(file.source.relative_to(ROOT))] = str(error)

    assert problems == {}


def test_every_layer_is_used_by_some_combination() -> None:
    rendered = Rendered(Catalog.load(), Path())
    used = {layer.id for combination in combinations() for layer in rendered.plan(combination).layers}
    used |= {layer.id for answers in answered() for layer in rendered.plan(combinations()[0], **answers).layers}
    there = {path.parent.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob(MANIFEST)}

    assert there - used == set()


def test_every_file_of_a_layer_s_parts_is_used() -> None:
    unused = []
    for manifest in TEMPLATES.rglob(MANIFEST):
        parts = manifest.parent / PARTS
        layer = load_layer(TEMPLATES, manifest.parent.relative_to(TEMPLATES).as_posix())
        named = {part["file"] for part in layer.readme}
        unused += [
            str(path) for path in parts.rglob("*") if path.is_file() and path.relative_to(parts).as_posix() not in named
        ]

    assert unused == []


def test_every_file_in_the_templates_belongs_to_a_layer_or_is_known() -> None:
    folders = {path.parent for path in TEMPLATES.rglob(MANIFEST)}
    known = {
        "roadmap.yml",
        "shared/questions.yml",
        "shared/choices.yml",
        *(f"shared/{framework}/versions.yml" for framework in FRAMEWORKS),
    }
    stray = [
        name
        for path in TEMPLATES.rglob("*")
        if path.is_file() and not CACHES.intersection(path.parts) and not folders.intersection(path.parents)
        if (name := path.relative_to(TEMPLATES).as_posix()) not in known
        if not re.fullmatch(r"\w+/[\w-]+/(copier\.yml|proofs\.json|contract/.*)|shared/contract/.*", name)
    ]

    assert stray == []


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_every_version_is_of_a_package_that_some_layer_names(framework: str) -> None:
    rendered = Rendered(Catalog.load(), Path())
    mine = [combination for combination in combinations() if f"/{framework}-" in combination]
    layers = [layer for combination in mine for layer in rendered.plan(combination).layers]
    named = {name for layer in layers for name in (*layer.dependencies, *layer.dev_dependencies)}

    assert set(Catalog.load().versions(framework)) - named == set()


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_every_version_is_exact(framework: str) -> None:
    versions = Catalog.load().versions(framework)

    assert {
        name: version for name, version in versions.items() if not re.fullmatch(r"\d+(\.\d+)+\S*|managed", version)
    } == {}


def git(*arguments: str, stdin: str = "") -> list[str]:
    done = subprocess.run(["git", *arguments], cwd=ROOT, input=stdin, capture_output=True, text=True, check=False)
    return [line for line in done.stdout.split("\0") if line]


needs_checkout = pytest.mark.skipif(not (ROOT / ".git").exists(), reason="this is not a git checkout")


@needs_checkout
def test_git_ignores_no_layer_file() -> None:
    """A ``.gitignore`` that is meant for the project works on its own layer, too."""
    files = sorted({str(file.source) for framework in FRAMEWORKS for file in sources(framework)})

    ignored = git("check-ignore", "--no-index", "-z", "--stdin", stdin="\0".join(files))

    assert ignored == []


@needs_checkout
def test_the_wheel_carries_exactly_the_templates_that_git_tracks(tmp_path: Path) -> None:
    tracked = {name for name in git("ls-files", "-z", "templates") if (ROOT / name).exists()}
    uv = Path(sys.executable).with_name("uv")

    subprocess.run(
        [uv if uv.exists() else "uv", "build", "--quiet", "--wheel", "--out-dir", tmp_path], cwd=ROOT, check=True
    )

    (wheel,) = tmp_path.glob("*.whl")
    carried = {
        name.removeprefix("generator/")
        for name in zipfile.ZipFile(wheel).namelist()
        if name.startswith("generator/templates/")
    }
    assert carried == tracked
