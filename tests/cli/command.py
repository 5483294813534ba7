"""Ways to run ``scaffold``: as a process of its own, and inside this one where hundreds of runs are wanted."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from generator.cli.app import main

ROOT = Path(__file__).parents[2]
SCAFFOLD = [sys.executable, "-m", "generator"]


@dataclass(frozen=True)
class Outcome:
    """What a user sees of one run."""

    code: int
    out: str
    err: str


def environment(**changes: str) -> dict[str, str]:
    """This process's environment without what would change colours, widths or the user's git, and with changes."""
    unwanted = {"NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "TERM", "PYTEST_CURRENT_TEST"}
    kept = {key: value for key, value in os.environ.items() if key not in unwanted and not key.startswith("GIT_")}
    identity = {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        **{f"GIT_{role}_NAME": "Ann" for role in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{role}_EMAIL": "ann@example.com" for role in ("AUTHOR", "COMMITTER")},
    }
    return {**kept, **identity, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color", **changes}


def scaffold(*arguments: str, cwd: Path, env: Mapping[str, str] | None = None, stdin: str | None = None) -> Outcome:
    """Run the command as a process of its own, without a terminal."""
    done = subprocess.run(
        [*SCAFFOLD, *arguments],
        cwd=cwd,
        env=dict(env) if env is not None else environment(),
        input=stdin,
        stdin=subprocess.DEVNULL if stdin is None else None,
        capture_output=True,
        text=True,
        errors="surrogateescape",
        timeout=150,
        check=False,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def scaffold_inside(*arguments: str) -> Outcome:
    """Run the command inside this process."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    terminate = signal.getsignal(signal.SIGTERM)
    try:
        with (
            mock.patch.object(sys, "argv", ["scaffold", *arguments]),
            mock.patch.object(sys, "stdin", io.StringIO()),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            main()
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else 0
    finally:
        signal.signal(signal.SIGTERM, terminate)
    return Outcome(code, out.getvalue(), err.getvalue())


def tree(folder: Path) -> dict[str, bytes]:
    """Every file and its bytes, without a repository's own and without the one that holds random secrets."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != ".env")
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in files
        if ".git" not in path.relative_to(folder).parts
    }
