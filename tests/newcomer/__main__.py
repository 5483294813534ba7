"""``python -m tests.newcomer``: the first hour of a newcomer, in seconds.

In an empty home, in a terminal: make a project on PostgreSQL with JSON Web Tokens, run it, sign up, edit a
file, see the change served, run the tests and a part of the contract, and end it with Ctrl-C. Three times:

- ``fetch``: with nothing in any cache of ``scaffold``, and perhaps nothing in those of npm and uv: downloads included;
- ``cold``: with nothing in the cache of ``scaffold`` once more; what npm and uv have fetched is in theirs;
- ``warm``: with what the time before has left.

A step that fails ends the run with what the terminal shows.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pexpect
from rich.console import Console
from rich.table import Table

from generator.services.waiting import until
from tests.cli.command import SCAFFOLD, environment

ROUNDS = ("fetch", "cold", "warm")
# From "new" to a served page, in seconds, without what npm and PyPI take.
AIMS = {"cold": 40.0, "warm": 5.0}
NAME = "my-links"
FLAGS = "--database postgresql --auth jwt --cache memory --author Ann --yes"
ONLY = "links.create.*"
ACCOUNT = {"email": "new@example.com", "password": "a long enough password", "name": "New"}
SECONDS = 600.0
# What is edited so that a request shows it: file, before, after.
EDITS = {
    "express": ("src/http/operations.ts", 'res.json({ status: "ok" })', 'res.json({ status: "edited" })'),
    "fastapi": ("app/health.py", 'status="ok"', 'status="edited"'),
}
STEPS = ("new", "run", "page", "sign up", "reload", "test", "check", "Ctrl-C")


@dataclass
class Hour:
    """One newcomer's seconds, by step."""

    framework: str
    round: str
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def served(self) -> float:
        """Seconds of waiting from ``new`` to a served page."""
        return sum(self.seconds[step] for step in ("new", "run", "page"))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.newcomer", description=__doc__.splitlines()[0])
    parser.add_argument("frameworks", nargs="*", metavar="FRAMEWORK", help="express, fastapi (default: both)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    asked = parser.parse_args()
    hours: list[Hour] = []
    for framework in asked.frameworks or EDITS:
        with TemporaryDirectory(prefix="newcomer-") as scratch:
            Path(scratch).chmod(0o755)  # root's PostgreSQL runs as another account
            for number in ROUNDS:
                hours.append(_first_hour(framework, number, Path(scratch).resolve()))
    if asked.json:
        rows = [{"framework": h.framework, "round": h.round, "served": h.served, **h.seconds} for h in hours]
        print(json.dumps(rows, indent=2))
    else:
        _print(hours)


def _print(hours: list[Hour]) -> None:
    table = Table(
        "framework", "round", *STEPS, "new to page", "aim", title=f"Seconds (check: {ONLY} alone)", title_justify="left"
    )
    for hour in hours:
        cells = [f"{hour.seconds[step]:.1f}" for step in STEPS]
        aim = f"≤ {AIMS[hour.round]:g}" if hour.round in AIMS else ""
        table.add_row(hour.framework, hour.round, *cells, f"{hour.served:.1f}", aim)
    Console(width=None if sys.stdout.isatty() else 160).print(table)


def _first_hour(framework: str, number: str, scratch: Path) -> Hour:
    """One round; the caches stay in ``scratch`` for the next one."""
    home, caches = scratch / f"home-{number}", scratch / "caches"
    home.mkdir()
    caches.mkdir(exist_ok=True)
    if number == "cold":
        shutil.rmtree(caches / "scaffold")
    env = environment(
        HOME=str(home),
        SCAFFOLD_CACHE_DIR=str(caches / "scaffold"),
        UV_CACHE_DIR=str(caches / "uv"),
        npm_config_cache=str(caches / "npm"),
    )
    hour = Hour(framework, number)

    def timed(step: str, work: Callable[[], None]) -> None:
        began = time.monotonic()
        work()
        hour.seconds[step] = time.monotonic() - began
        print(f"{framework} {number}: {step} {hour.seconds[step]:.1f} s", file=sys.stderr, flush=True)

    def command(*arguments: str) -> Callable[[], None]:
        return lambda: _to_end(_spawn(arguments, home, env))

    timed("new", command("new", "url-shortener", NAME, "--framework", framework, *FLAGS.split()))
    running: list[pexpect.spawn[str]] = []
    addresses: list[str] = []

    def run() -> None:
        running.append(_spawn(("run", NAME), home, env))
        running[0].expect(r"runs on (http://[\d.:]+)", timeout=SECONDS)
        addresses.append(running[0].match[1])

    timed("run", run)
    url, project = addresses[0], home / NAME
    timed("page", lambda: _until(lambda: b"<html" in _get(url).lower() or b"<!doctype html" in _get(url).lower()))
    timed("sign up", lambda: _sign_up(url))
    file, before, after = EDITS[framework]
    source = project / file
    text = source.read_text(encoding="utf-8")
    assert text.count(before) == 1, f"{file} has changed: tell EDITS what to edit"

    def edit() -> None:
        source.write_text(text.replace(before, after), encoding="utf-8")
        _until(lambda: b"edited" in _get(f"{url}/health"))

    timed("reload", edit)
    source.write_text(text, encoding="utf-8")
    _until(lambda: b"edited" not in (_get(f"{url}/health") or b"edited"))
    timed("test", command("test", NAME))
    timed("check", command("check", NAME, "--only", ONLY))

    def leave() -> None:
        running[0].send("\x03")
        running[0].expect(pexpect.EOF, timeout=60)
        running[0].close()

    timed("Ctrl-C", leave)
    assert running[0].exitstatus == 130, f"Ctrl-C ended 'run' with {running[0].exitstatus}"
    return hour


def _spawn(arguments: tuple[str, ...], folder: Path, env: dict[str, str]) -> pexpect.spawn[str]:
    child = pexpect.spawn(
        SCAFFOLD[0],
        [*SCAFFOLD[1:], *arguments],
        cwd=str(folder),
        env=env,
        dimensions=(24, 80),
        # What was started in the background ignores Ctrl-C, and so would this command.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        encoding="utf-8",
        codec_errors="replace",
    )
    child.delaybeforesend = None
    return child


def _to_end(child: pexpect.spawn[str]) -> None:
    child.expect(pexpect.EOF, timeout=SECONDS)
    child.close()
    if child.exitstatus:
        said = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", child.before or "")
        raise SystemExit(f"{' '.join(map(os.fsdecode, child.args[3:]))} ended with {child.exitstatus}:\n{said[-2000:]}")


def _sign_up(url: str) -> None:
    body = json.dumps(ACCOUNT).encode()
    request = urllib.request.Request(f"{url}/api/v1/auth/signup", body, {"Content-Type": "application/json"})
    with _open(request) as response:
        assert response.status == 201, f"signing up was answered {response.status}"


def _get(url: str) -> bytes:
    """What is served there; empty while nothing is."""
    with suppress(OSError), _open(url) as response:
        return bytes(response.read())
    return b""


def _open(wanted: str | urllib.request.Request):  # type: ignore[no-untyped-def]
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    return opener.open(wanted, timeout=10)


def _until(condition: Callable[[], bool]) -> None:
    if not until(condition, 60, pause=0.02):
        raise SystemExit("the page did not come within a minute")


if __name__ == "__main__":
    main()
