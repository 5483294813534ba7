"""A project's own commands (install, migrate, test …), run to their end."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping

from generator.errors import ScaffoldError
from generator.project import Project
from generator.runtime.environment import machine_environment, merged
from generator.runtime.install import install_once
from generator.runtime.toolchain import programs_environment
from generator.services.process import run
from generator.services.tools import Progress, silent

INSTALL_SECONDS = 900.0
COMMAND_SECONDS = 300.0
NOTHING: Mapping[str, str | None] = {}
# npm says why first, and then where to read on; every other tool ends with the reason.
NPM_REASON = re.compile(r"npm error (?!code |errno |syscall |path |A complete log )\S.*")
ERROR_LINE = re.compile(r"(npm error |error: |\[ERROR\] |fatal: |[\w.]*(Error|Exception)\b.{0,40}: ).*", re.IGNORECASE)


def tools_for(project: Project, progress: Progress = silent) -> dict[str, str]:
    """The variables with which a project's commands find their programs.

    Args:
        project: whose commands.
        progress: told when something is fetched.

    Raises:
        ScaffoldError: a program is missing and cannot be provided.
    """
    tools = programs_environment({command[0] for command in project.commands().values()}, progress)
    if (project.folder / ".venv").exists() and "UV_PYTHON" not in os.environ:
        tools.pop("UV_PYTHON", None)  # or uv would throw an environment of another Python away
    return tools


def install_project(
    project: Project, *, environment: Mapping[str, str] | None = None, progress: Progress = silent
) -> bool:
    """Install a project's dependencies, unless that was done for the same manifest and lock files.

    Args:
        project: what to install.
        environment: a whole environment; by default the machine's with the toolchain, and no services.
        progress: told when it begins.

    Returns:
        whether it was done now.

    Raises:
        ScaffoldError: it failed.
    """
    given = environment or {**machine_environment(), **tools_for(project, progress)}

    def install() -> None:
        progress("Installing the dependencies (this takes a while the first time)")
        must_run(project, "install", given, timeout=INSTALL_SECONDS)

    return install_once(project, install)


def run_command(
    project: Project,
    command: str,
    environment: Mapping[str, str],
    changes: Mapping[str, str | None] = NOTHING,
    *,
    timeout: float = COMMAND_SECONDS,
) -> subprocess.CompletedProcess[str]:
    """Run a command, output captured; a failure is for the caller to judge.

    Args:
        project: whose command.
        command: its name, such as ``test``.
        environment: a whole environment.
        changes: variables over it; None takes one away.
        timeout: seconds.

    Raises:
        ScaffoldError: there is no such command or program, or it did not end in time.
    """
    try:
        return run(
            project.command(command),
            environment=merged(environment, changes),
            folder=project.folder,
            timeout=timeout,
        )
    except TimeoutError as error:
        raise ScaffoldError(f"The project's {command} command: {' '.join(str(error).split())}") from error
    except OSError as error:
        raise ScaffoldError(f"The project's {command} command cannot be run: {error}") from error


def must_run(
    project: Project,
    command: str,
    environment: Mapping[str, str],
    changes: Mapping[str, str | None] = NOTHING,
    *,
    timeout: float = COMMAND_SECONDS,
) -> None:
    """The same, but a failure is an error that names the reason; all the output goes into a file.

    Args:
        project: whose command.
        command: its name.
        environment: a whole environment.
        changes: variables over it; None takes one away.
        timeout: seconds.

    Raises:
        ScaffoldError: it could not be run, or failed.
    """
    answer = run_command(project, command, environment, changes, timeout=timeout)
    if answer.returncode == 0:
        return
    output = f"{answer.stdout}\n{answer.stderr}".strip()
    log = project.make_state() / f"{command}.log"
    log.write_text(output + "\n", encoding="utf-8", errors="replace")
    raise ScaffoldError(
        f"The project's {command} command failed with exit code {answer.returncode}: {telling_line(output)}",
        f"All it said is in {log}",
    )


def telling_line(output: str, length: int = 300) -> str:
    """The line of a failed program's output that most likely says why: the last that names an error, with its cause.

    Args:
        output: all of it.
        length: characters at most.
    """
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    for line in filter(NPM_REASON.match, lines):
        return line[:length]
    errors = [line for line in lines if ERROR_LINE.match(line)]
    causes = [line for line in lines if line.startswith("Caused by: ")]
    return " ".join([(errors or lines or ["it said nothing"])[-1], *causes[-1:]])[:length]
