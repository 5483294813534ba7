"""The README and the pages of every project: nothing missing, nothing empty, and every file that they name is there."""

from __future__ import annotations

import json
import posixpath
import re
from pathlib import Path

import pytest

from generator.render import render
from generator.runtime.example import ACCOUNT, CREDENTIALS
from tests.sizes.count import APPLICATION, words
from tests.templates.conftest import Rendered, combinations

PAGES = ("docs/hard-parts.md", "docs/api.md", "docs/deployment.md", "docs/interview.md")
DOCUMENTS = ("README.md", *PAGES)
SECTIONS = [
    *("Quick start", "How it works", "The hard parts", "The choices", "Development", "Settings"),
    *("Why I built it", "What I would do next", "More"),
]
MADE_LATER = ("data/", ".venv/", "node_modules/", "target/")
LINK = re.compile(r"\]\(([^)\s]+)\)")
NAMED = re.compile(r"`((?:[\w.-]+/)+[\w.-]*\.\w+)`")
each = pytest.mark.parametrize("combination", combinations())


def document(rendered: Rendered, combination: str, path: str) -> str:
    return rendered.files(combination)[path].decode()


def shown(markdown: str) -> str:
    """What a reader sees: without comments."""
    return re.sub(r"<!--.*?-->", "", markdown, flags=re.DOTALL)


@each
def test_the_readme_has_every_section_in_order(rendered: Rendered, combination: str) -> None:
    sections = re.split(r"^## ", document(rendered, combination, "README.md"), flags=re.MULTILINE)[1:]

    assert [section.splitlines()[0] for section in sections] == SECTIONS
    assert [section for section in sections if len(section.split("\n", 1)[1].split()) < 5] == []


@each
def test_the_readme_has_one_diagram(rendered: Rendered, combination: str) -> None:
    assert document(rendered, combination, "README.md").count("```mermaid") == 1


@each
def test_every_link_leads_to_a_file_and_to_a_heading_of_it(rendered: Rendered, combination: str) -> None:
    files = rendered.files(combination)
    broken = []
    for path in DOCUMENTS:
        for target in LINK.findall(shown(files[path].decode())):
            if re.match(r"[a-z]+:", target):
                continue
            name, _, anchor = target.partition("#")
            linked = posixpath.normpath(posixpath.join(posixpath.dirname(path), name)) if name else path
            if linked not in files or (anchor and anchor not in anchors(files[linked].decode())):
                broken.append(f"{path}: {target}")

    assert broken == []


def anchors(markdown: str) -> set[str]:
    """The fragments that a page has: explicit ones, and those that GitHub makes of its headings."""
    headings = re.findall(r"^#+ (.*)$", markdown, re.MULTILINE)
    made = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return made | set(re.findall(r'<a id="([^"]+)"></a>', markdown))


@each
def test_every_file_that_a_document_names_is_there(rendered: Rendered, combination: str) -> None:
    """By its whole path or by the end of it, as ``links/LinkService.java`` in a deep source tree."""
    paths = [f"/{path}" for path in rendered.files(combination)]
    missing = [
        f"{path}: {name}"
        for path in DOCUMENTS
        for name in NAMED.findall(document(rendered, combination, path))
        if not name.startswith(MADE_LATER) and not any(there.endswith(f"/{name}") for there in paths)
    ]

    assert missing == []


@each
def test_every_hard_part_of_the_table_is_explained_and_every_explained_one_in_the_table(
    rendered: Rendered, combination: str
) -> None:
    ids = [part["id"] for part in rendered.plan(combination).context["lists"]["hard_parts"]]
    explained = re.findall(r'<a id="([^"]+)"></a>', document(rendered, combination, "docs/hard-parts.md"))
    in_table = re.findall(r"\]\(docs/hard-parts\.md#([\w-]+)\)", document(rendered, combination, "README.md"))

    assert len(set(ids)) == len(ids)
    assert sorted(in_table) == sorted(explained) == sorted(ids)


@pytest.mark.parametrize(
    ("licence", "begins", "shown_as"),
    [
        ("mit", "MIT License\n\nCopyright (c) Ann & Ben <ab@example.com>\n", "[MIT](LICENSE)"),
        ("apache-2.0", "\n                                 Apache License\n", "[Apache 2.0](LICENSE)"),
        ("none", None, "none, all rights reserved"),
    ],
)
def test_the_licence_is_a_file_a_badge_and_a_line(
    rendered: Rendered, tmp_path: Path, licence: str, begins: str | None, shown_as: str
) -> None:
    plan = rendered.plan(
        "url-shortener/fastapi-sqlite-none-memory", license=licence, author="Ann & Ben <ab@example.com>"
    )

    render(plan, tmp_path / "made")

    file, readme = tmp_path / "made" / "LICENSE", (tmp_path / "made" / "README.md").read_text()
    assert file.exists() == (begins is not None)
    assert begins is None or file.read_text().startswith(begins)
    assert f"\nLicence: {shown_as}. © Ann & Ben &lt;ab@example.com>.\n" in readme
    assert ("img.shields.io" in readme) == file.exists()


@each
def test_the_readme_takes_four_minutes(rendered: Rendered, combination: str) -> None:
    assert 900 <= words(document(rendered, combination, "README.md")) <= 1200


@each
def test_every_hard_part_has_a_file_and_a_test(rendered: Rendered, combination: str) -> None:
    files, lists = rendered.files(combination), rendered.plan(combination).context["lists"]
    ids = [part["id"] for part in lists["hard_parts"]]
    places = {place["id"]: place for place in lists["places"]}

    assert len(lists["places"]) == len(places), "each has one place"
    assert sorted(places) == sorted(ids)
    assert [path for place in places.values() for path in (place["file"], place["test"]) if path not in files] == []
    assert len({place["file"] for place in places.values()}) == len(places), "each has a file of its own"


@each
def test_the_example_account_is_the_same_everywhere(rendered: Rendered, combination: str) -> None:
    """In what ``scaffold run`` shows, in the README and docs/api.md, and in what the seed command makes."""
    files = rendered.files(combination)
    if rendered.plan(combination).spec.choices["auth"] == "none":
        return
    for page in ("README.md", "docs/api.md"):
        assert json.dumps(CREDENTIALS) in files[page].decode()
    sources = [text.decode() for path, text in files.items() if path.startswith(APPLICATION)]
    assert [text for text in sources if all(f'"{value}"' in text for value in ACCOUNT.values())], "one file makes it"
