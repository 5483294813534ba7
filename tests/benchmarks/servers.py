"""Redirects of each generated server against the least that its framework needs for the same look-up."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import httpx

from generator.catalog import Catalog
from generator.plan import make_plan
from generator.project import Project
from generator.render import render
from generator.runtime.stack import Stack
from generator.services.ports import free_port
from generator.spec import ProjectSpec
from tests.benchmarks.load import CONNECTIONS, Load, burst, tool
from tests.benchmarks.ratio import Ratio

BARE = Path(__file__).parent / "bare"
COMMANDS = {"express": ["node", "express.mjs"], "fastapi": [".venv/bin/python", "fastapi_bare.py"]}
FILES = {"express": ("express.mjs", "express.mjs"), "fastapi": ("fastapi.py", "fastapi_bare.py")}
TARGET = "https://example.com/a/page?of=some&length=1"
ROUNDS = 9


@dataclass(frozen=True)
class Bare:
    """The bare server: its address and its process id."""

    url: str
    pid: int


def measure() -> Iterator[Ratio]:
    for framework in COMMANDS:
        with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
            yield from _compare(framework, Path(folder) / "links")


def _compare(framework: str, folder: Path) -> Iterator[Ratio]:
    catalog = Catalog.load()
    choices = {"framework": framework, "database": "sqlite", "auth": "none", "cache": "memory"}
    spec = ProjectSpec.create(catalog, idea="url-shortener", name="my-links", choices=choices)
    render(make_plan(catalog, spec), folder)
    with Stack(Project.load(folder)) as stack:
        stack.install()
        stack.migrate()
        with stack.boot() as server, _bare(framework, stack, folder) as bare:
            created = httpx.post(f"{server.url}/api/v1/links", json={"url": TARGET}).raise_for_status().json()
            ours, theirs = (f"{server.url}/{created['code']}", server.pid), (f"{bare.url}/known", bare.pid)
            for url, pid in (ours, theirs):
                assert httpx.get(url).headers["location"] == TARGET
                burst(url, pid, stack.environment)
            rounds = [(burst(*ours, stack.environment), burst(*theirs, stack.environment)) for _ in range(ROUNDS)]
            assert not any(load.failures for pair in rounds for load in pair)
    yield from _ratios(framework, rounds)


def _ratios(framework: str, rounds: list[tuple[Load, Load]]) -> Iterator[Ratio]:
    """The median over rounds, each of which measures both sides right after one another."""
    against = f"a bare handler, {CONNECTIONS} connections, {tool()}"
    yield Ratio(
        f"{framework}: redirects a second",
        against,
        median(ours.rate / theirs.rate for ours, theirs in rounds),
        "at least 0.8",
        "{:.0f} / {:.0f} a second".format(*(median(load.rate for load in side) for side in zip(*rounds, strict=True))),
    )
    mine, other = (median(load.processor for load in side) for side in zip(*rounds, strict=True))
    yield Ratio(
        f"{framework}: redirects for the same processor time",
        against,
        other / mine,
        "at least 0.8",
        f"{mine:.0f} / {other:.0f} microseconds for one",
    )
    yield Ratio(
        f"{framework}: p99",
        against,
        median(ours.p99 / theirs.p99 for ours, theirs in rounds),
        "under 4",
        "{:.1f} ms / {:.1f} ms".format(*(median(load.p99 for load in side) for side in zip(*rounds, strict=True))),
    )


@contextlib.contextmanager
def _bare(framework: str, stack: Stack, folder: Path) -> Iterator[Bare]:
    """The bare server in the project's folder, where it finds the framework."""
    source, name = FILES[framework]
    shutil.copyfile(BARE / source, folder / name)
    database = stack.folder / "bare.db"
    with contextlib.closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE TABLE links (code TEXT PRIMARY KEY, url TEXT NOT NULL)")
        connection.execute("INSERT INTO links VALUES ('known', ?)", (TARGET,))
        connection.commit()
    port = free_port()
    environment = {**stack.environment, "PORT": str(port), "BARE_DATABASE": str(database), "NODE_ENV": "production"}
    process = subprocess.Popen(COMMANDS[framework], cwd=folder, env=environment)
    try:
        bare = Bare(f"http://127.0.0.1:{port}", process.pid)
        _await(f"{bare.url}/known")
        yield bare
    finally:
        process.terminate()
        process.wait(10)


def _await(url: str) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with contextlib.suppress(httpx.TransportError):
            httpx.get(url)
            return
        time.sleep(0.05)
    raise TimeoutError(url)
