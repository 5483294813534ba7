"""Every combination renders, to the same bytes each time, into files that are valid in their language."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import yaml
from pytest_copie.plugin import Copie

from generator.render import assemble
from tests.templates import syntax
from tests.templates.conftest import NAME, Rendered, combinations

COMBINATIONS = combinations()
# The delimiters of our templates; none of them may reach a project.
LEFTOVER = re.compile(rb"<%[=#]|<!%|^[ \t]*(?:#%|//%|--%|<!--%)[ \t]", re.MULTILINE)
each = pytest.mark.parametrize("combination", COMBINATIONS)


@pytest.mark.parametrize(("idea", "count"), [("todo", 18), ("url-shortener", 36 + 1)])
def test_every_combination_is_rendered(idea: str, count: int) -> None:
    assert len([name for name in COMBINATIONS if name.startswith(f"{idea}/")]) == count


@each
def test_no_directive_is_left_over(rendered: Rendered, combination: str) -> None:
    found = {
        path: match.group() for path, text in rendered.files(combination).items() if (match := LEFTOVER.search(text))
    }

    assert found == {}


@each
def test_every_file_is_valid_in_its_language(rendered: Rendered, combination: str) -> None:
    problems = {}
    for path, content in rendered.files(combination).items():
        try:
            syntax.check(path, content)
        except Exception as error:
            problems[path] = f"{type(error).__name__}: {error}"

    assert problems == {}


@each
def test_a_second_render_gives_the_same_bytes(rendered: Rendered, combination: str) -> None:
    first, second = rendered.files(combination), rendered.files(combination, again=True)

    assert {path for path in first.keys() | second.keys() if first.get(path) != second.get(path)} == {".env"}


@each
def test_text_ends_with_one_newline_and_lines_with_no_blanks(rendered: Rendered, combination: str) -> None:
    untidy = [
        path
        for path, content in rendered.files(combination).items()
        if content
        and (not content.endswith(b"\n") or content.endswith(b"\n\n") or re.search(rb"[ \t]+$", content, re.M))
    ]

    assert untidy == []


@each
def test_a_project_has_what_every_project_has(rendered: Rendered, combination: str) -> None:
    files = rendered.files(combination)

    assert {
        *("README.md", "Dockerfile", "compose.yaml", ".env", ".env.example", ".gitignore", ".dockerignore"),
        *(".scaffold.yml", ".editorconfig", ".gitattributes", ".github/workflows/ci.yml"),
        *("docs/hard-parts.md", "docs/api.md", "docs/deployment.md", "docs/interview.md"),
    } <= set(files)
    assert b".env\n" in files[".gitignore"].replace(b"/.env", b".env"), "secrets are not committed"
    assert (rendered.project(combination) / ".env").stat().st_mode & 0o077 == 0


@each
def test_a_project_records_how_it_was_made(rendered: Rendered, combination: str) -> None:
    recorded = yaml.safe_load(rendered.files(combination)[".scaffold.yml"])

    assert recorded["project"] == NAME
    assert f"{recorded['idea']}/{'-'.join(recorded['choices'].values())}" == combination
    assert recorded["answers"] == {"license": "mit", "author": ""}
    assert recorded["command"].startswith(f"scaffold new {recorded['idea']} {NAME} --framework ")


@each
def test_every_setting_is_documented_once(rendered: Rendered, combination: str) -> None:
    files = rendered.files(combination)
    example = re.findall(r"^([A-Z][A-Z0-9_]*)=", files[".env.example"].decode(), re.M)
    readme = files["README.md"].decode()

    assert len(example) == len(set(example))
    assert [name for name in example if f"| `{name}` |" not in readme] == []
    assert re.findall(r"^([A-Z][A-Z0-9_]*)=", files[".env"].decode(), re.M) == example


def test_the_secret_is_random_in_the_ignored_file_only(rendered: Rendered) -> None:
    combination = COMBINATIONS[0]
    ignored, example = (rendered.files(combination)[name].decode() for name in (".env", ".env.example"))
    (secret,) = re.findall(r"^SECRET_KEY=(.*)$", ignored, re.M)

    assert len(secret) >= 32
    assert "change-me" in "".join(re.findall(r"^SECRET_KEY=(.*)$", example, re.M))
    assert [path for path, text in rendered.files(combination).items() if secret.encode() in text] == [".env"]


@each
def test_compose_starts_what_the_choices_need(rendered: Rendered, combination: str) -> None:
    choices = rendered.plan(combination).spec.choices
    services = yaml.safe_load(rendered.files(combination)["compose.yaml"])["services"]

    beside = {choices.get(option) for option in ("database", "cache")} - {"sqlite", "memory", None}
    assert set(services) == {"app", "migrate"} | beside
    assert all("healthcheck" in services[name] for name in beside)
    assert services["app"]["environment"]["APP_ENV"] == "production"


@pytest.mark.parametrize("combination", ["url-shortener/express-postgresql-jwt-redis", "todo/express-sqlite-none"])
def test_pytest_copie_renders_the_same_project(rendered: Rendered, tmp_path: Path, combination: str) -> None:
    assemble(rendered.plan(combination), tmp_path / "template")
    (tmp_path / "copies").mkdir()

    result = Copie(tmp_path / "template", tmp_path / "copies", tmp_path / "unused").copy()

    assert result.exception is None
    assert result.project_dir is not None
    copied = {
        path.relative_to(result.project_dir).as_posix(): path.read_bytes()
        for path in result.project_dir.rglob("*")
        if path.is_file()
    }
    expected = rendered.files(combination)
    assert {path for path in copied.keys() | expected.keys() if copied.get(path) != expected.get(path)} == {".env"}


@pytest.mark.parametrize("framework", ["express", "fastapi", "spring"])
def test_git_ignores_the_secrets_and_nothing_else(rendered: Rendered, tmp_path: Path, framework: str) -> None:
    combination = next(name for name in COMBINATIONS if f"/{framework}-" in name)
    files = rendered.files(combination)
    for path, content in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)

    done = subprocess.run(["git", "check-ignore", *files], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.stdout.split() == [".env"]


def test_a_clone_has_no_carriage_returns_whatever_git_is_told(rendered: Rendered, tmp_path: Path) -> None:
    """Formatters count each as an error, and a shell script with them does not start."""
    origin, clone = tmp_path / "origin", tmp_path / "clone"
    for path, content in rendered.files(COMBINATIONS[0]).items():
        (origin / path).parent.mkdir(parents=True, exist_ok=True)
        (origin / path).write_bytes(content)
    identity = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com"]
    for command in (["init", "--quiet"], ["add", "--all"], [*identity, "commit", "--quiet", "--message", "All"]):
        subprocess.run(["git", *command], cwd=origin, check=True)

    subprocess.run(["git", "-c", "core.autocrlf=true", "clone", "--quiet", origin, clone], check=True)

    cloned = [path for path in clone.rglob("*") if path.is_file() and ".git" not in path.relative_to(clone).parts]
    assert [str(path) for path in cloned if b"\r\n" in path.read_bytes()] == []
    assert len(cloned) == len(rendered.files(COMBINATIONS[0])) - 1, "all but .env"
