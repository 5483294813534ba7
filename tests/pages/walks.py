"""Walks through pages: each command in its order, in scratch folders, with a home of their own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

import psycopg

from generator.catalog import Catalog
from generator.runtime.toolchain import programs_environment
from generator.services import Service
from generator.services.folders import cache_folder, locked
from generator.services.mongodb import MongoService
from generator.services.postgresql import PostgresService
from generator.services.redis import RedisService
from tests.cli.command import ROOT, environment, tree
from tests.pages.printed import NotHere, When, commands, serves, when
from tests.pages.shell import Shell

SERVER = "http://127.0.0.1:3000"
HEALTH = f"{SERVER}/health"
NAME = "my-links"
# A command that asks something waits for ever.
SOON, LATE = 200.0, 1800.0
# Pages of the repository whose commands are run, each after what its reader has done before.
PAGES: Mapping[str, tuple[str, ...]] = {
    "README.md": (),
    "docs/commands.md": (f"scaffold new url-shortener {NAME} --database postgresql --yes",),
    "docs/contract.md": (f"scaffold new url-shortener {NAME} --yes",),
    "docs/how-composition-works.md": (),
    "docs/learn.md": (),
    "docs/adding-an-idea.md": (),
    "docs/adding-a-framework.md": (f"scaffold new url-shortener {NAME} --yes",),
}
ANSWERS = """\
framework: fastapi
database: sqlite
auth: none
cache: memory
license: none
author: Ann
"""
DAILY, ALL = frozenset({When.EVERYDAY}), frozenset({When.EVERYDAY, When.PAGES})
Problems = Iterator[str]
Told = Callable[[str], None]


def walk_repository(page: str, times: Collection[When], told: Told = lambda line: None) -> list[str]:
    """Run the commands of one of the repository's pages.

    Args:
        page: its path.
        times: which of its commands.
        told: hears how long each took.

    Returns:
        What is wrong; empty if every command works.
    """
    found = commands((ROOT / page).read_text(encoding="utf-8"))
    with _scratch() as (home, env):
        checkout = home / "checkout"
        # As after "source .venv/bin/activate".
        bins = [checkout / ".venv" / "bin", Path(sys.executable).parent]
        env["PATH"] = os.pathsep.join([*map(str, bins), env["PATH"]])
        if page == "README.md":
            _copy_checkout(checkout)
        _serve_as_remote(home, env)
        walk = _Walk(checkout if page == "README.md" else home, env, times, told)
        (home / "answers.yml").write_text(ANSWERS)
        for command in PAGES[page]:
            walk.must(command)
        for command in found:
            walk.take(command)
        return walk.problems


def walk_project(choices: Mapping[str, str], times: Collection[When], told: Told = lambda line: None) -> list[str]:
    """Run the commands of one project's pages: with ``scaffold`` in one clone, and all others in another one.

    Args:
        choices: option → choice.
        times: which commands.
        told: hears how long each took.

    Returns:
        What is wrong; empty if every command works.
    """
    flags = " ".join(f"--{option} {choice}" for option, choice in choices.items())
    with _scratch() as (home, env):
        start = _Walk(home, env, times, told)
        start.must(f"scaffold new url-shortener {NAME} {flags} --author Ann --yes")
        project = home / NAME
        pages = [project / "README.md", *sorted((project / "docs").glob("*.md"))]
        found = [command for page in pages for command in commands(page.read_text(encoding="utf-8"))]
        ours = [command for command in found if command.startswith("scaffold ")]
        clones = {name: home / name / NAME for name in ("with", "without", "again")}
        for clone in clones.values():
            clone.parent.mkdir()
        for name in ("with", "without"):
            start.must(f"git clone -q {project} {clones[name]}")
        helped = _Walk(clones["with"], env, times, told)
        for command in ours:
            if not command.startswith("scaffold new "):
                helped.take(command)
        again = _Walk(clones["again"].parent, env, times, told)
        for command in [command for command in ours if command.startswith("scaffold new ")]:
            again.take(command)
        problems = [*start.problems, *helped.problems, *again.problems]
        if clones["again"].is_dir() and tree(clones["again"]) != tree(project):
            problems.append("the command at the end of the README makes another project")
        with ExitStack() as servers:
            alone = _Walk(clones["without"], {**env, "PATH": _path_without_us(home, env)}, times, told)
            for command in [command for command in found if command not in ours]:
                if command.startswith("docker run "):
                    servers.enter_context(_stand_in(command))
                alone.take(command)
            return problems + alone.problems


class _Walk:
    """Commands in one folder, and what is wrong with them."""

    def __init__(self, folder: Path, env: dict[str, str], times: Collection[When], told: Told) -> None:
        self._folder, self._env, self._times, self._told = folder, env, times, told
        self._served: str | None = None
        self.problems: list[str] = []

    def must(self, command: str) -> None:
        """Run what the reader of a page has done before."""
        self._run(command)

    def take(self, command: str) -> None:
        """Run a command of the page, if it is one of those that are wanted."""
        verdict = when(command)
        if verdict is None:
            self.problems.append(f"nobody has thought of {command!r}")
        elif not isinstance(verdict, NotHere) and verdict in self._times:
            self._run(command)

    def _run(self, command: str) -> None:
        began = time.monotonic()
        with Shell(self._folder, self._env) as shell:
            if serves(command):
                self._served = command
                problem = shell.serve(command, HEALTH)
            elif SERVER in command:
                problem = self._beside_server(shell, command)
            else:
                problem = shell.run(command, SOON if when(command) is When.EVERYDAY else LATE)
        self._told(f"{time.monotonic() - began:6.1f} s  {command.splitlines()[0]}")
        if problem:
            self.problems.append(f"{command.splitlines()[0]}: {problem}")

    def _beside_server(self, shell: Shell, command: str) -> str:
        """Run a command that asks a server: the last one that the page has started runs in another terminal."""
        with Shell(self._folder, self._env) as other:
            problem = other.begin(self._served or f"scaffold run {NAME}", HEALTH)
            return problem or shell.run(command, LATE) or other.end()


@contextmanager
def _scratch() -> Iterator[tuple[Path, dict[str, str]]]:
    """An empty home and its environment. Only what was fetched before is shared, so that it is not fetched again."""
    # Two walks at once would meet on the ports that the pages print.
    with locked(Path(gettempdir(), "scaffold-pages.lock")), TemporaryDirectory(prefix="pages-") as name:
        home = Path(name).resolve()
        home.chmod(0o755)  # root's PostgreSQL runs as another account, from the project's folder
        tools = home / ".tools"
        tools.mkdir()
        beside = Path(sys.executable).parent
        for program in ("scaffold", "uv"):
            (tools / program).symlink_to(beside / program)
        first = [str(tools)]
        caches = {"SCAFFOLD_CACHE_DIR": str(cache_folder())}
        for variable, command in {"UV_CACHE_DIR": "uv cache dir", "npm_config_cache": "npm config get cache"}.items():
            said = subprocess.run(command.split(), capture_output=True, text=True, check=False).stdout.strip()
            if said:
                caches[variable] = said
        env = environment(HOME=str(home), PATH=os.pathsep.join([*first, os.environ["PATH"]]), **caches)
        del env["PYTHONPATH"]
        env.pop("VIRTUAL_ENV", None)
        yield home, env


def _path_without_us(home: Path, env: Mapping[str, str]) -> str:
    """A path on which the reader has a Node that is new enough, and no ``scaffold``."""
    (home / ".tools" / "scaffold").unlink()
    node = programs_environment({"npm", "node"}).get("PATH", "").partition(os.pathsep)[0]
    return os.pathsep.join(filter(None, [str(home / ".tools"), node, os.environ["PATH"]]))


def _copy_checkout(target: Path) -> None:
    """What git tracks, and what it would."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_bytes((ROOT / name).read_bytes())
            (target / name).chmod((ROOT / name).stat().st_mode)


def _serve_as_remote(home: Path, env: dict[str, str]) -> None:
    """Let git find an empty repository on this machine where a page names one on the network."""
    remote = home / "remote" / "ann" / "tokyo.git"
    subprocess.run(["git", "init", "-q", "--bare", str(remote)], check=True, env=env)
    env |= {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{home / 'remote'}/.insteadOf",
        "GIT_CONFIG_VALUE_0": "git@example.com:",
    }


@contextmanager
def _stand_in(command: str) -> Iterator[Service]:
    """A server with the port, user, password and database that a ``docker run`` would have."""
    published = re.search(r"--publish 127\.0\.0\.1:(\d+):", command)
    assert published, f"{command!r} publishes no port"
    settings = dict(re.findall(r"--env (\w+)=(\S+)", command))
    image = command.split()[-1].partition(":")[0]
    service = {"postgres": PostgresService, "redis": RedisService, "mongo": MongoService}[image]()
    service.port = int(published[1])
    with service:
        service.start()
        if image == "postgres":
            user, password, database = (settings[f"POSTGRES_{what}"] for what in ("USER", "PASSWORD", "DB"))
            with psycopg.connect(service.url("postgres"), autocommit=True) as connection:
                connection.execute(f"CREATE ROLE {user} SUPERUSER LOGIN PASSWORD '{password}'")  # type: ignore[call-overload]
                connection.execute(f"CREATE DATABASE {database} OWNER {user}")  # type: ignore[call-overload]
        yield service


def combinations() -> dict[str, dict[str, str]]:
    """What is offered, by name."""
    return {"-".join(choices.values()): choices for choices in Catalog.load().idea("url-shortener").combinations()}
