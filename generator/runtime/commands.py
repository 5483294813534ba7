"""A project's own commands (install, migrate, test …), run to their end."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from generator.errors import ScaffoldError
from generator.project import Project
from generator.runtime.environment import machine_environment, merged
from generator.runtime.install import install_once
from generator.runtime.kept import MANIFEST, PACKAGES, KeptPackages
from generator.runtime.toolchain import programs_environment
from generator.services.patience import Ticker
from generator.services.process import run
from generator.services.registry import RegistryWatch, Unreachable, explain, npm_proxy
from generator.services.tools import Progress, silent

INSTALL_SECONDS = 900.0
COMMAND_SECONDS = 300.0
NOTHING: Mapping[str, str | None] = {}
OFFLINE: Mapping[str, str | None] = {"npm_config_offline": "true", "UV_OFFLINE": "1"}
NPM_LOG_LEVELS = ("npm_config_loglevel", "NPM_CONFIG_LOGLEVEL")
# npm says why first, and then where to read on; every other tool ends with the reason.
NPM_REASON = re.compile(r"npm error (?!code |errno |syscall |path |A complete log )\S.*")
ERROR_LINE = re.compile(
    r"((parent: |original: |\[?cause\]?: )?"  # what a library's own error wraps
    r"(npm error |error: |\[ERROR\] |fatal: |[\w.]*(Error|Exception)\b.{0,40}: )).*",
    re.IGNORECASE,
)


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
    project: Project,
    *,
    environment: Mapping[str, str] | None = None,
    progress: Progress = silent,
    keep: bool = True,
) -> bool:
    """Install a project's dependencies, unless that was done for the same manifest and lock files.

    Args:
        project: what to install.
        environment: a whole environment; by default the machine's with the toolchain, and no services.
        progress: told when it begins.
        keep: what npm has installed, for the next project; those that come by the dozen leave it out.

    Returns:
        whether it was done now.

    Raises:
        ScaffoldError: it failed.
    """
    given = environment or {**machine_environment(), **tools_for(project, progress)}

    def install() -> None:
        kept = _kept(project, given)
        if kept and kept.lend():
            progress("Took the dependencies over from an earlier project, which has the same")
            return
        progress("Installing the dependencies (this takes a while the first time)")
        try:
            _install(project, given, progress)
        except Unreachable as error:
            # What was installed for another project is in the package manager's cache, and needs no network.
            try:
                must_run(project, "install", given, OFFLINE, timeout=INSTALL_SECONDS)
            except ScaffoldError:
                raise error from None
            progress(f"{error.message}. The dependencies came from the package manager's cache")
        if kept and keep:
            kept.keep()

    return install_once(project, install)


def _kept(project: Project, environment: Mapping[str, str]) -> KeptPackages | None:
    """Packages of an earlier project, where a package manager has none to link from and nothing is installed yet."""
    fresh = not (project.folder / PACKAGES).exists() and (project.folder / MANIFEST).is_file()
    if project.command("install")[0] != "npm" or not fresh:
        return None
    try:
        return KeptPackages(project.folder, environment)
    except (OSError, ValueError):
        return None


def _install(project: Project, environment: Mapping[str, str], progress: Progress) -> None:
    """Install, tell how far it is, and end it when its registry cannot be reached."""
    program = project.command("install")[0]
    ticker = Ticker(progress, "Installing the dependencies")
    watch = RegistryWatch(program, environment, project.folder)

    def tick(said: str) -> None:
        ticker(said)
        watch(said)

    talkative = {} if any(name in environment for name in NPM_LOG_LEVELS) else {NPM_LOG_LEVELS[0]: "http"}
    answer = run_command(project, "install", environment, talkative, timeout=INSTALL_SECONDS, tick=tick)
    if answer.returncode == 0:
        return

    def proxy() -> str:
        return npm_proxy(program, environment, project.folder) if program == "npm" else ""

    why = explain(f"{answer.stdout}\n{answer.stderr}", environment, proxy=proxy)
    if why is None:
        raise _failure(project, "install", answer)
    _keep_log(project, "install", answer)
    raise why


def run_command(
    project: Project,
    command: str,
    environment: Mapping[str, str],
    changes: Mapping[str, str | None] = NOTHING,
    *,
    timeout: float = COMMAND_SECONDS,
    tick: Callable[[str], None] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a command, output captured; a failure is for the caller to judge.

    Args:
        project: whose command.
        command: its name, such as ``test``.
        environment: a whole environment.
        changes: variables over it; None takes one away.
        timeout: seconds.
        tick: called every half second with its last line; what it raises ends the command.

    Raises:
        ScaffoldError: there is no such command or program, or it did not end in time.
    """
    try:
        return run(
            project.command(command),
            environment=merged(environment, changes),
            folder=project.folder,
            timeout=timeout,
            tick=tick,
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
    tick: Callable[[str], None] | None = None,
) -> str:
    """The same, but a failure is an error that names the reason; all the output goes into a file.

    Args:
        project: whose command.
        command: its name.
        environment: a whole environment.
        changes: variables over it; None takes one away.
        timeout: seconds.
        tick: called every half second with its last line.

    Returns:
        What it wrote to its standard output.

    Raises:
        ScaffoldError: it could not be run, or failed.
    """
    answer = run_command(project, command, environment, changes, timeout=timeout, tick=tick)
    if answer.returncode:
        raise _failure(project, command, answer)
    return answer.stdout


def _failure(project: Project, command: str, answer: subprocess.CompletedProcess[str]) -> ScaffoldError:
    log = _keep_log(project, command, answer)
    output = f"{answer.stdout}\n{answer.stderr}"
    error = ScaffoldError(
        f"The project's {command} command failed with exit code {answer.returncode}: {telling_line(output)}",
        f"All it said is in {log}",
    )
    error.output = output.strip()
    return error


def _keep_log(project: Project, command: str, answer: subprocess.CompletedProcess[str]) -> Path:
    log = project.make_state() / f"{command}.log"
    output = f"{answer.stdout}\n{answer.stderr}".strip()
    log.write_text(output + "\n", encoding="utf-8", errors="replace")
    return log


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
    causes = [line for line in lines if line.startswith(("Caused by: ", "cause: "))]
    return " ".join([(errors or lines or ["it said nothing"])[-1], *causes[-1:]])[:length]
