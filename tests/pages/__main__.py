"""``python -m tests.pages [COMBINATION | PAGE …]``: run the commands that pages print, and say what fails.

Requests are pasted twice: without arguments those of every offered framework with every way to sign in, on a database
and a cache that need no server where the framework offers them. All other commands are typed into a terminal: those of
some projects, and those of this repository's own pages.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from generator.catalog import Catalog
from generator.layers import read_yaml
from generator.plan import make_plan
from generator.render import render
from generator.spec import ProjectSpec
from tests.pages.paste import Exchange, paste
from tests.pages.walks import ALL, PAGES, combinations, walk_project, walk_repository

ROOT = Path(__file__).parents[2]
METHODS = frozenset({"get", "post", "patch", "delete"})
SHELLS = ("sh", "bash")
PREFERRED = {"database": "sqlite", "cache": "memory"}
# The quick start of each framework, without a server and with all that there are.
LINKS = "url-shortener/"
TYPED = (
    f"{LINKS}express-sqlite-none-memory",
    f"{LINKS}express-postgresql-jwt-redis",
    f"{LINKS}fastapi-sqlite-none-memory",
    f"{LINKS}fastapi-postgresql-jwt-redis",
)
INSTALL_AND_BOOT_SECONDS = 400


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.pages", description=__doc__)
    parser.add_argument(
        "wanted", nargs="*", metavar="COMBINATION | PAGE", help="such as todo/express-sqlite-jwt or docs/commands.md"
    )
    parser.add_argument("--paste", action=argparse.BooleanOptionalAction, default=True, help="paste requests")
    parser.add_argument("--type", action=argparse.BooleanOptionalAction, default=True, help="type other commands")
    asked = parser.parse_args()
    offered = {
        f"{name}/{'-'.join(choices.values())}": (name, choices)
        for name, idea in Catalog.load().ideas.items()
        for choices in idea.combinations()
    }
    pasted = [name for name in asked.wanted if name in offered] or ([] if asked.wanted else _selection(offered))
    # Typed are the commands of the URL shortener's pages and of this repository's own.
    typed = [name for name in asked.wanted or [*TYPED, *PAGES] if name in PAGES or name.startswith(LINKS)]
    failed = False
    for name, attempt in [
        *((name, partial(_try, *offered[name])) for name in pasted if asked.paste),
        *((name, partial(_type, name)) for name in typed if asked.type),
    ]:
        for problem in attempt():
            failed = True
            print(f"{name}: {problem}", flush=True)
        print(f"{name}: done", flush=True)
    sys.exit(1 if failed else 0)


def _type(name: str) -> list[str]:
    """What is wrong with the commands of a project's pages, or of a page of this repository."""

    def told(line: str) -> None:
        print(f"  {line}", flush=True)

    return (
        walk_repository(name, ALL, told)
        if name in PAGES
        else walk_project(combinations()[name.removeprefix(LINKS)], ALL, told)
    )


def _selection(offered: dict[str, tuple[str, dict[str, str]]]) -> list[str]:
    """One combination for every idea, framework and way to sign in."""
    chosen: dict[tuple[str, str, str], str] = {}
    for name, (idea, choices) in offered.items():
        key = idea, choices["framework"], choices["auth"]
        if key not in chosen or all(choices.get(option, wish) == wish for option, wish in PREFERRED.items()):
            chosen[key] = name
    return list(chosen.values())


def _try(idea: str, choices: dict[str, str]) -> list[str]:
    """What is wrong with the pages of one combination."""
    catalog = Catalog.load()
    spec = ProjectSpec.create(catalog, idea=idea, name="my-project", choices=choices)
    problems = []
    with tempfile.TemporaryDirectory() as scratch:
        project = Path(scratch) / "my-project"
        render(make_plan(catalog, spec), project)
        with _running(project) as url:
            for shell in SHELLS:
                folder = Path(scratch) / shell
                folder.mkdir()
                pasted = paste(project, url, folder, shell=shell)
                problems += [f"{shell}: {problem}" for problem in pasted.problems()]
                problems += [f"{shell}: nothing shows {gap}" for gap in _gaps(idea, choices["auth"], pasted.rounds[0])]
                print(f"  {shell}: {', '.join(map(str, pasted.rounds[0]))}", flush=True)
    return problems


@contextmanager
def _running(project: Path) -> Iterator[str]:
    """The project with its example data, by the command of the README."""
    run = [sys.executable, "-m", "generator", "run", str(project), "--seed", "--json"]
    process = subprocess.Popen(run, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        line = process.stdout.readline()
        if not line:
            raise SystemExit(f"scaffold run --seed ended with {process.wait(timeout=INSTALL_AND_BOOT_SECONDS)}")
        yield json.loads(line)["url"]
    finally:
        if process.poll() is not None:
            print((project / ".scaffold" / "server.log").read_text(errors="replace")[-2000:], flush=True)
        process.terminate()
        process.wait(timeout=30)


def _gaps(idea: str, auth: str, shown: tuple[Exchange, ...]) -> Iterator[str]:
    """Operations of the contract that no command of the pages sends."""
    described = read_yaml(Catalog.load().idea(idea).path / "contract" / "openapi.yaml")["paths"]
    accounts = read_yaml(ROOT / "templates" / "shared" / "contract" / "accounts.yaml")
    wanted = [(method, path) for path, item in described.items() for method in item.keys() & METHODS]
    wanted += [
        (method, path) for path, item in accounts.items() for method, facts in item.items() if auth in facts["with"]
    ]
    for method, path in wanted:
        pattern = re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path)))
        if not any(sent.method == method.upper() and pattern.fullmatch(sent.path) for sent in shown):
            yield f"{method.upper()} {path}"


if __name__ == "__main__":
    main()
