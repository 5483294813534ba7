"""What reaches the disk: the layers' bytes, rendered where they ask for it, or nothing at all."""

from __future__ import annotations

import ast
import json
import os
from pathlib import Path
from typing import Any

import pytest
from pytest_copie.plugin import Copie

from generator.errors import TemplateError
from generator.render import assemble, render
from tests.unit.toy import BASE, CHASSIS, DEMO, ToyRoot

OTHERS_DELIMITERS = (
    "{{ jinja }} ${{ github.actor }} [[ wiki ]] {% raw %} {# comment #} <% erb %> ${shell} <!-- plain -->\n"
)


def test_delimiters_of_other_tools_survive_in_templates_and_in_plain_files(toy: ToyRoot, tmp_path: Path) -> None:
    toy.layer(DEMO, {"plain.yml": OTHERS_DELIMITERS, "rendered.yml.jinja": OTHERS_DELIMITERS + "<%= project.slug %>\n"})

    tree = made(toy, tmp_path)

    assert tree == {"plain.yml": OTHERS_DELIMITERS, "rendered.yml": OTHERS_DELIMITERS + "my-demo\n"}


def test_a_plain_file_is_copied_byte_for_byte(toy: ToyRoot, tmp_path: Path) -> None:
    folder = toy.layer(DEMO)
    blob = bytes(range(256)) + b"<%= project.slug %>\r\n#% for x in y\n"
    (folder / "logo.bin").write_bytes(blob)

    render(toy.plan(), tmp_path / "made")

    assert (tmp_path / "made" / "logo.bin").read_bytes() == blob


@pytest.mark.parametrize(
    ("name", "opening", "closing"),
    [
        ("a.py", "#% {}", ""),
        ("a.ts", "//% {}", ""),
        ("a.sql", "--% {}", ""),
        ("a.md", "<!--% {} -->", ""),
        ("indented.yml", "    #% {}", ""),
    ],
)
def test_a_directive_hides_behind_each_comment_sign_and_leaves_no_line(
    toy: ToyRoot, tmp_path: Path, name: str, opening: str, closing: str
) -> None:
    lines = [
        "before",
        opening.format("for word in lists.words"),
        opening.format("if not loop.first"),
        "  <%= word.text %>",
        opening.format("endif"),
        opening.format("endfor"),
        "after",
    ]
    words = [{"text": "one"}, {"text": "two"}, {"text": "three"}]
    toy.layer(DEMO, {f"{name}.jinja": "\n".join(lines) + "\n"}, lists={"words": words})

    assert made(toy, tmp_path) == {name: "before\n  two\n  three\nafter\n"}


def test_a_directive_sign_within_a_line_is_ordinary_text(toy: ToyRoot, tmp_path: Path) -> None:
    text = "share = 50 #% of all\nurl = 'a//% b'\n"
    toy.layer(DEMO, {"a.py.jinja": text})

    assert made(toy, tmp_path) == {"a.py": text}


def test_a_last_line_keeps_its_newline_or_its_lack_of_one(toy: ToyRoot, tmp_path: Path) -> None:
    toy.layer(DEMO, {"with.jinja": "<%= project.slug %>\n", "without.jinja": "<%= project.slug %>"})

    assert made(toy, tmp_path) == {"with": "my-demo\n", "without": "my-demo"}


def test_what_a_template_may_use(toy: ToyRoot, tmp_path: Path) -> None:
    toy.layer(CHASSIS, dependencies=["left"], commands={"start": ["npm", "start"]})
    toy.layer(DEMO, environment=[{"name": "TOKEN", "value": "change-me", "secret": True}])
    toy.layer(
        BASE,
        {
            "facts.json.jinja": json.dumps(
                {
                    "slug": "<%= project.slug %>",
                    "title": "<%= project.title %>",
                    "idea": "<%= idea.id %>: <%= idea.title %>, <%= idea.summary %>",
                    "choices": "<%= framework.id %> <%= database.title %> <%= database.family %> <%= auth.id %>",
                    "dependencies": "<%= dependencies[0].name %>@<%= dependencies[0].version %>",
                    "variable": "<%= environment[0].name %>=<%= environment[0].value %>",
                    "start": "<%= commands.start | join(' ') %>",
                    "nobody": "<%= lists.nobody_contributes | length %>",
                    "made_by": "<%= scaffold.command %>",
                }
            )
        },
    )

    assert json.loads(made(toy, tmp_path)["facts.json"]) == {
        "slug": "my-demo",
        "title": "My Demo",
        "idea": "demo: Demo, A demo.",
        "choices": "toy One sql none",
        "dependencies": "left@1.0.0",
        "variable": "TOKEN=change-me",
        "start": "npm start",
        "nobody": "0",
        "made_by": ("scaffold new demo my-demo --framework toy --database one --auth none --cache memory --yes"),
    }


def test_a_secret_is_random_in_the_ignored_file_and_nowhere_else(toy: ToyRoot, tmp_path: Path) -> None:
    toy.layer(
        BASE,
        {
            ".env.jinja": "TOKEN=<%= secrets.TOKEN %>\n",
            ".env.example.jinja": "TOKEN=<%= environment[0].value %>\n",
        },
        environment=[{"name": "TOKEN", "value": "change-me", "secret": True}],
    )

    first, second = made(toy, tmp_path, "first"), made(toy, tmp_path, "second")

    assert first[".env.example"] == second[".env.example"] == "TOKEN=change-me\n"
    assert len(first[".env"]) > len("TOKEN=") + 32
    assert first[".env"] != second[".env"]
    assert (tmp_path / "first" / ".env").stat().st_mode & 0o777 == 0o600


def test_a_readme_part_is_rendered_where_the_readme_includes_it(toy: ToyRoot, tmp_path: Path) -> None:
    toy.layer(
        BASE,
        {
            "README.md.jinja": (
                "# <%= project.title %>\n<!--% for part in readme.api -->\n<!--% include part -->\n<!--% endfor -->\n"
            )
        },
    )
    toy.layer(CHASSIS, {"_parts/health.md": "GET /health\n"}, readme=[{"section": "api", "file": "health.md"}])
    toy.layer(DEMO, {"_parts/links.md": "GET /<%= project.slug %>\n"}, readme=[{"section": "api", "file": "links.md"}])

    assert made(toy, tmp_path)["README.md"] == "# My Demo\nGET /health\nGET /my-demo\n"


FAILURES = {
    "undefined name": ("one\ntwo\n<%= projekt.slug %>\n", 3),
    "undefined member": ("one\n<%= project.slugg %>\n", 2),
    "unknown filter": ("one\n\n\n<%= project.slug | shout %>\n", 4),
    "unclosed loop": ("one\n#% for word in lists.words\ntwo\n", 3),
    "syntax error": ("one\n#% fro word in lists.words\ntwo\n", 2),
    "half an expression": ("one\n<%= project. %>\n", 2),
    "calculation": ("one\n<%= project.slug / 0 %>\n", 2),
    "directive inside a loop": ("#% for word in [1]\n#% if word\n<%= missing %>\n#% endif\n#% endfor\n", 3),
}


@pytest.mark.parametrize(("text", "line"), FAILURES.values(), ids=FAILURES)
def test_a_failing_template_is_named_by_its_layer_s_file_and_line(
    toy: ToyRoot, tmp_path: Path, text: str, line: int
) -> None:
    folder = toy.layer(DEMO, {"src/broken.txt.jinja": text, "a-fine.txt.jinja": "fine", "z-fine.txt": "fine"})

    message = refusal(toy, tmp_path)

    assert f"{folder / 'src' / 'broken.txt.jinja'}:{line}" in message


@pytest.mark.parametrize(("text", "line"), FAILURES.values(), ids=FAILURES)
def test_a_failing_readme_part_is_named_by_its_layer_s_file_and_line(
    toy: ToyRoot, tmp_path: Path, text: str, line: int
) -> None:
    toy.layer(BASE, {"README.md.jinja": "# Title\n\n#% for part in readme.api\n#% include part\n#% endfor\n"})
    folder = toy.layer(DEMO, {"_parts/api.md": text}, readme=[{"section": "api", "file": "api.md"}])

    message = refusal(toy, tmp_path)

    assert f"{folder / '_parts' / 'api.md'}:{line}" in message


def test_a_template_that_is_not_utf_8_is_named(toy: ToyRoot, tmp_path: Path) -> None:
    folder = toy.layer(DEMO)
    (folder / "latin.txt.jinja").write_bytes("caf\xe9 <%= project.slug %>".encode("latin-1"))

    assert str(folder / "latin.txt.jinja") in refusal(toy, tmp_path)


def test_two_renders_are_byte_identical_but_for_the_secrets(toy: ToyRoot, tmp_path: Path) -> None:
    toy.layer(
        BASE,
        {".env.jinja": "TOKEN=<%= secrets.TOKEN %>\n", "package.json.jinja": "<%= dependencies | tojson %>\n"},
        environment=[{"name": "TOKEN", "secret": True}],
    )
    toy.layer(DEMO, {"src/a.ts": "a", "src/b/c.ts": "c"}, dependencies=["right", "left"])

    first, second = made(toy, tmp_path, "first"), made(toy, tmp_path, "second")

    assert {name for name in first if first[name] != second[name]} == {".env"}
    assert list(first) == list(second)


def test_executable_files_stay_executable_and_others_do_not(toy: ToyRoot, tmp_path: Path) -> None:
    folder = toy.layer(
        DEMO, {"run.sh": "#!/bin/sh\n", "make.sh.jinja": "#!/bin/sh\n", "notes.txt": "", "a.txt.jinja": ""}
    )
    for script in ("run.sh", "make.sh.jinja"):
        (folder / script).chmod(0o755)
    before = os.umask(0o027)
    try:
        render(toy.plan(), tmp_path / "made")
    finally:
        os.umask(before)

    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "made").iterdir()}

    assert modes == {"run.sh": 0o750, "make.sh": 0o750, "notes.txt": 0o640, "a.txt": 0o640}


def test_the_idea_s_own_questions_reach_templates_with_their_types(tmp_path: Path) -> None:
    questions = {
        "stars": {"type": "int", "default": 3},
        "greet": {"type": "bool", "default": False},
        "motto": {"type": "str", "default": "it's <%= 7*7 %>"},
    }
    toy = ToyRoot(tmp_path / "templates", questions)
    toy.layer(
        BASE, {"answers.json.jinja": "<%= answers | tojson %>\n", "direct.jinja": "<%= stars + 1 %> <%= motto %>"}
    )

    tree = made(toy, tmp_path, answers={"stars": "4", "greet": "yes"})

    assert json.loads(tree["answers.json"]) == {"stars": 4, "greet": True, "motto": "it's <%= 7*7 %>"}
    assert tree["direct"] == "5 it's <%= 7*7 %>"


def test_pytest_copie_renders_the_assembled_template_to_the_same_bytes(toy: ToyRoot, tmp_path: Path) -> None:
    """The template that Copier's own tools see is the whole project, not a part that our copying completes."""
    folder = toy.layer(
        DEMO, {"src/a.ts": OTHERS_DELIMITERS, "src/run.sh": "#!/bin/sh\n", "b.txt.jinja": "<%= project.slug %>\n"}
    )
    (folder / "src" / "run.sh").chmod(0o755)
    toy.layer(BASE, {"README.md.jinja": "#% for part in readme.api\n#% include part\n#% endfor\n"})
    toy.layer(CHASSIS, {"_parts/api.md": "An API.\n"}, readme=[{"section": "api", "file": "api.md"}])
    plan = toy.plan()
    assemble(plan, tmp_path / "template")
    (tmp_path / "copies").mkdir()

    result = Copie(tmp_path / "template", tmp_path / "copies", tmp_path / "unused").copy()
    render(plan, tmp_path / "made")

    assert result.exception is None
    assert result.project_dir is not None
    assert contents(result.project_dir) == contents(tmp_path / "made")


def test_only_render_imports_copier() -> None:
    root = Path(__file__).parents[2] / "generator"
    importers = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        and any(name.split(".")[0] == "copier" for name in imported(node))
    }

    assert importers == {"render.py"}


def imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]


def made(toy: ToyRoot, tmp_path: Path, name: str = "made", answers: dict[str, Any] | None = None) -> dict[str, str]:
    render(toy.plan(answers=answers), tmp_path / name)
    return {path: text.decode() for path, text in contents(tmp_path / name).items()}


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def refusal(toy: ToyRoot, tmp_path: Path) -> str:
    """The message of a render that must fail and leave nothing."""
    before = sorted(tmp_path.iterdir())
    with pytest.raises(TemplateError) as failed:
        render(toy.plan(), tmp_path / "made")
    assert sorted(tmp_path.iterdir()) == before, "a failed render leaves nothing behind"
    return str(failed.value)
