"""What a check leaves in the project's ``.scaffold/`` folder: the cases that failed, and the servers' log."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from generator.errors import ScaffoldError
from generator.project import Project

FAILED_FILE = "failed-cases"  # without .json: the formatter of the project looks at every such file
LOG_FILE = "check.log"
_PIECE = 1024 * 1024


def remember_failed(project: Project, failed: Sequence[str], ran: Iterable[str]) -> None:
    """Keep which cases failed; those of the last time that were not run now still count.

    Raises:
        ScaffoldError: the project cannot be written.
    """
    done = set(ran)
    kept = [case for case in _read(project) if case not in done]
    file = project.make_state() / FAILED_FILE
    try:
        file.write_text(json.dumps({"failed": [*failed, *kept]}, indent=1) + "\n", "utf-8")
    except OSError as error:
        raise ScaffoldError(f"{file} cannot be written: {error.strerror}", "Make it writable") from error


def last_failed(project: Project) -> list[str]:
    """The cases that failed when they were last run.

    Raises:
        ScaffoldError: there are none.
    """
    failed = _read(project)
    if not failed:
        raise ScaffoldError("No failed case is remembered", "Leave --last-failed out to run them all")
    return failed


def _read(project: Project) -> list[str]:
    try:
        failed = json.loads((project.state / FAILED_FILE).read_text("utf-8"))["failed"]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return [case for case in failed if isinstance(case, str)] if isinstance(failed, list) else []


def keep_logs(project: Project, outputs: Sequence[Path]) -> Path | None:
    """Put all that the servers wrote into one file that git ignores.

    Args:
        outputs: their files, standard output and standard error.

    Returns:
        the file; None when it cannot be written, which costs no verdict.
    """
    file = project.state / LOG_FILE
    try:
        project.make_state()
        with file.open("wb") as log:
            for output in outputs:
                if not output.stat().st_size:
                    continue
                log.write(f"==> {output.parent.name}/{output.name} <==\n".encode())
                with output.open("rb") as source:
                    while piece := source.read(_PIECE):
                        log.write(piece)
    except (OSError, ScaffoldError):
        return None
    return file
