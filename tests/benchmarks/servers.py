"""Redirects of each generated server against the least that its framework needs for the same look-up."""

from __future__ import annotations

import contextlib
import re
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from math import nan
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

SOURCES = Path(__file__).parent / "bare"
SUFFIXES = {"express": ".mjs", "fastapi": ".py"}
START = {".mjs": ["node"], ".py": [".venv/bin/python"]}
INSTALL = {
    ".mjs": ["npm", "install", "--no-save", "--no-audit", "--no-fund"],
    ".py": ["uv", "pip", "install", "--quiet", "--python", ".venv/bin/python"],
}
# What the first line of a source may say: the packages that it takes beside those of the project.
NEEDS = re.compile(r"(?://|#) needs: (.+)")
TARGET = "https://example.com/a/page?of=some&length=1"
ROUNDS = 9


@dataclass(frozen=True)
class Rival:
    """What a generated server is compared with.

    Attributes:
        suffix: of its source's name, behind the framework's.
        about: what it is, for the table.
        rate: the least ratio of redirects that is aimed at.
        p99: the largest ratio of the 99th percentile that is aimed at; None where it is not compared.
    """

    suffix: str
    about: str
    rate: float
    p99: float | None


RIVALS = (
    Rival("", "a bare handler", rate=0.5, p99=4),
    Rival("-stack", "the bare handler behind the framework's usual stack", rate=1, p99=None),
)


@dataclass(frozen=True)
class Address:
    """A server that is measured: an address that redirects, and its process id."""

    url: str
    pid: int


def measure() -> Iterator[Ratio]:
    for framework in SUFFIXES:
        with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
            yield from _compare(framework, Path(folder) / "links")


def _compare(framework: str, folder: Path) -> Iterator[Ratio]:
    catalog = Catalog.load()
    choices = {"framework": framework, "database": "sqlite", "auth": "none", "cache": "memory"}
    spec = ProjectSpec.create(catalog, idea="url-shortener", name="my-links", choices=choices)
    render(make_plan(catalog, spec), folder)
    with contextlib.ExitStack() as running:
        stack = running.enter_context(Stack(Project.load(folder)))
        stack.install()
        stack.migrate()
        server = running.enter_context(stack.boot())
        created = httpx.post(f"{server.url}/api/v1/links", json={"url": TARGET}).raise_for_status().json()
        ours = Address(f"{server.url}/{created['code']}", server.pid)
        rivals = [rival for rival in RIVALS if _source(framework, rival).is_file()]
        theirs = [running.enter_context(_started(framework, rival, stack, folder)) for rival in rivals]
        for address in (ours, *theirs):
            assert httpx.get(address.url).headers["location"] == TARGET
            burst(address.url, address.pid, stack.environment)
        rounds = [
            [burst(address.url, address.pid, stack.environment) for address in (ours, *theirs)] for _ in range(ROUNDS)
        ]
        assert not any(load.failures for loads in rounds for load in loads)
    for rival in RIVALS:
        if rival not in rivals:
            yield Ratio(
                f"{framework}: redirects a second", rival.about, nan, f"at least {rival.rate:g}", "not measured"
            )
    for number, rival in enumerate(rivals, 1):
        yield from _ratios(framework, rival, [(loads[0], loads[number]) for loads in rounds])


def _ratios(framework: str, rival: Rival, rounds: list[tuple[Load, Load]]) -> Iterator[Ratio]:
    """The median over rounds, each of which measures all servers right after one another."""
    against = f"{rival.about}, {CONNECTIONS} connections, {tool()}"
    yield Ratio(
        f"{framework}: redirects a second",
        against,
        median(ours.rate / theirs.rate for ours, theirs in rounds),
        f"at least {rival.rate:g}",
        "{:.0f} / {:.0f} a second".format(*(median(load.rate for load in side) for side in zip(*rounds, strict=True))),
    )
    mine, other = (median(load.processor for load in side) for side in zip(*rounds, strict=True))
    yield Ratio(
        f"{framework}: redirects for the same processor time",
        against,
        other / mine,
        f"at least {rival.rate:g}",
        f"{mine:.0f} / {other:.0f} microseconds for one",
    )
    if rival.p99 is not None:
        yield Ratio(
            f"{framework}: p99",
            against,
            median(ours.p99 / theirs.p99 for ours, theirs in rounds),
            f"under {rival.p99:g}",
            "{:.1f} ms / {:.1f} ms".format(*(median(load.p99 for load in side) for side in zip(*rounds, strict=True))),
        )


def _source(framework: str, rival: Rival) -> Path:
    """Where the server to compare with is written, such as ``bare/express-stack.mjs``."""
    return SOURCES / f"{framework}{rival.suffix}{SUFFIXES[framework]}"


@contextlib.contextmanager
def _started(framework: str, rival: Rival, stack: Stack, folder: Path) -> Iterator[Address]:
    """A rival's server in the project's folder, where it finds the framework, with a database of its own."""
    suffix, source = SUFFIXES[framework], _source(framework, rival)
    name = f"rival{rival.suffix}{suffix}"
    shutil.copyfile(source, folder / name)
    needs = NEEDS.match(source.read_text(encoding="utf-8"))
    if needs:
        command = [*INSTALL[suffix], *needs[1].split()]
        subprocess.run(command, cwd=folder, env=stack.environment, capture_output=True, check=True)
    database = stack.folder / f"{name}.db"
    with contextlib.closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE TABLE links (code TEXT PRIMARY KEY, url TEXT NOT NULL)")
        connection.execute("INSERT INTO links VALUES ('known', ?)", (TARGET,))
        connection.commit()
    port = free_port()
    environment = {**stack.environment, "PORT": str(port), "BARE_DATABASE": str(database), "NODE_ENV": "production"}
    # Into a file, as the output of the generated server: writing its log belongs to what a stack costs.
    with (stack.folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen([*START[suffix], name], cwd=folder, env=environment, stdout=log)
    try:
        address = Address(f"http://127.0.0.1:{port}/known", process.pid)
        _await(address.url)
        yield address
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
