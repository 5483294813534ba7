"""``python -m tests.starter [express | fastapi …]``: seconds from ``scaffold new todo --yes`` to its own tests passed.

Beside them, in the same run, the seconds of what the framework's documentation begins with, and of installing the same
packages: ``express-generator``, or the example on the first page of FastAPI's tutorial. Neither brings a test. All is
run once before it counts, so that the caches of npm and uv are warm.
"""

from __future__ import annotations

import argparse
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

SCAFFOLD = (sys.executable, "-m", "generator")
TUTORIAL = """from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def root():
    return {"message": "Hello World"}
"""
SECONDS = 900


@dataclass(frozen=True)
class Beginning:
    """How a framework begins without us.

    Attributes:
        make: a command that makes its starter in the folder ``starter``.
        install: a command that installs what the manifest of the folder names.
        manifest: the files that name the packages, the lock file last.
    """

    make: str
    install: str
    manifest: tuple[str, ...]


BEGINNINGS = {
    "express": Beginning(
        "npx --yes express-generator --no-view starter",
        "npm install --no-fund --no-audit",
        ("package.json", "package-lock.json"),
    ),
    "fastapi": Beginning(
        f"mkdir starter && printf %s {shlex.quote(TUTORIAL)} > starter/main.py",
        "uv sync",
        ("pyproject.toml", "uv.lock"),
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.starter", description=__doc__)
    parser.add_argument("frameworks", nargs="*", choices=[*BEGINNINGS, []], help="both without one")
    for framework in parser.parse_args().frameworks or BEGINNINGS:
        with tempfile.TemporaryDirectory(prefix="starter-") as folder:
            print(measure(framework, Path(folder)), flush=True)


def measure(framework: str, folder: Path) -> str:
    """Both ways, once to warm the caches and once to count; one line about the second time."""
    beginning = BEGINNINGS[framework]
    for name in ("warm", "counted"):
        ours, theirs = folder / name / "todo", folder / name / "theirs"
        theirs.mkdir(parents=True)
        new = run(*SCAFFOLD, "new", "todo", str(ours), "--framework", framework, "--yes", "--no-git")
        install = shell(ours, ours, beginning.install)
        test = run(*SCAFFOLD, "test", str(ours))
        make = shell(ours, theirs, beginning.make)
        for file in beginning.manifest:
            shutil.copy(ours / file, theirs / "starter" / file)
        same = shell(ours, theirs / "starter", beginning.install)
    total, other = new + install + test, make + same
    return (
        f"{framework}: {total:.1f} s (new {new:.1f}, install {install:.1f}, tests {test:.1f}); the framework's own"
        f" beginning {other:.1f} s (make {make:.1f}, install {same:.1f}); ratio {total / other:.2f},"
        f" without the tests {(new + install) / other:.2f}"
    )


def shell(project: Path, folder: Path, command: str) -> float:
    """Run a command in a folder, with the toolchain of a project on the path."""
    return run(*SCAFFOLD, "exec", str(project), "--", "sh", "-c", f"cd {shlex.quote(str(folder))} && {command}")


def run(*command: str) -> float:
    """Seconds that a command takes."""
    begun = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    if done.returncode:
        sys.exit(f"{shlex.join(command)}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return time.monotonic() - begun


if __name__ == "__main__":
    main()
