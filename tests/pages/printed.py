"""The commands that pages print, and for each one when it is run, or why it is not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

FENCE = re.compile(r"^( *)```([\w-]*)[^\n]*\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
# Only these mean a shell; a page that uses another word for it would print commands that nobody runs.
SHELL, OTHER_SHELLS = "sh", frozenset({"", "bash", "shell", "console", "zsh", "shell-session", "terminal"})
# A row of a table of commands.
ROW = re.compile(r"^\| `.*\|$", re.MULTILINE)
HEREDOC = re.compile(r"<<-?\s*(['\"]?)(\w+)\1")


class When(Enum):
    """When a command is run as it is printed."""

    EVERYDAY = "by the everyday tests for the pages that they walk through, and by python -m tests.pages for all"
    PAGES = "by python -m tests.pages"
    PASTED = "by python -m tests.pages, twice, in two shells"


@dataclass(frozen=True)
class NotHere:
    """A command that no test runs.

    Attributes:
        reason: why, and what is done in its place.
    """

    reason: str


# What runs until it is told to end: it has to answer, and then gets Ctrl-C.
SERVES = (
    r".*\bscaffold run\b.*|node src/server\.ts|npm run dev|\.venv/bin/python -m app"
    r"|java (-\S+ )*-jar target/app\.jar( +#.*)?"
)
STANDS_IN = NotHere("needs Docker; a server with the printed port, user, password and database stands in for it")
ADDED = NotHere("of something that the page tells how to add")
RULES: tuple[tuple[str, When | NotHere], ...] = (
    # What nothing here can run.
    (r"docker run .* (postgres|redis|mongo\S*):\S+", STANDS_IN),
    (r"docker (build|compose) .*", NotHere("needs Docker, which is not on the machines that the tests run on")),
    (
        r"(python3 -m venv .* && )?\.venv/bin/python -m pytest( -n 2)?",
        NotHere("is the everyday tests; .ci/run takes the line from the README and runs it as it is printed"),
    ),
    (
        r"\.venv/bin/python -m tests\.(proofs|benchmarks|newcomer|pages|roadmap|sizes)\b.*",
        NotHere("is a test itself, and some take hours"),
    ),
    (r"scaffold (new url-shortener demo --cache memcached|(show|new) guest-book)\b.*", ADDED),
    (r"scaffold check my-links --only 'links\.edit\.refuses-a-new-code'", ADDED),
    # Requests, and what stands between them.
    (r"(BASE=http://127\.0\.0\.1:3000|.*\bcurl\b.*|[A-Z]+=.*|echo \"\$[A-Z]+\"|sleep \d)", When.PASTED),
    # What takes seconds.
    (r"scaffold (new|list|show|roadmap|run)\b.*|scaffold check \S+ --list", When.EVERYDAY),
    (r"git clone git@example\.com:.* && scaffold new .*", When.EVERYDAY),
    (r"\[ -f \.env \] \|\| sed .*", When.EVERYDAY),
    (r"uv sync|\.venv/bin/python -m (alembic upgrade head|app\.migrate|app\.seed|app)", When.EVERYDAY),
    (r"npm install\b.*|npm run (migrate|seed|dev)|node src/server\.ts", When.EVERYDAY),
    (r"python - <<'PY'\n.*", When.EVERYDAY),
    # What takes longer, or fetches much.
    (r"python3 -m venv .* && \.venv/bin/scaffold run \.\./my-links", When.PAGES),
    (r"scaffold (test|exec|check)\b.*", When.PAGES),
    (r"uv run .*|npm (test|run check|run fix)|mvn .*|java .*-jar target/app\.jar.*", When.PAGES),
)


def when(command: str) -> When | NotHere | None:
    """When a command is run, or why it is not; None if nobody has thought of it.

    Args:
        command: as it is printed.
    """
    return next((verdict for pattern, verdict in RULES if re.fullmatch(pattern, command, re.DOTALL)), None)


def serves(command: str) -> bool:
    """Whether a command runs until it is told to end.

    Args:
        command: as it is printed.
    """
    return re.fullmatch(SERVES, command, re.DOTALL) is not None


def blocks(markdown: str) -> Iterator[str]:
    """The blocks of shell commands of a page, without the indentation of a list.

    Args:
        markdown: the page.

    Raises:
        ValueError: a block may be a shell's and does not say so.
    """
    for indentation, language, text in FENCE.findall(markdown):
        if language in OTHER_SHELLS:
            raise ValueError(f"write ```sh (or ```text for what is no command): {text.splitlines()[:1]}")
        if language == SHELL:
            yield re.sub(rf"^{indentation}", "", text, flags=re.MULTILINE)


def commands(markdown: str) -> list[str]:
    """The commands of a page, each with the lines that belong to it; those in tables last.

    Args:
        markdown: the page.
    """
    in_tables = [cell for row in ROW.findall(markdown) for cell in re.findall(r"`((?:npm|uv|mvn) [^`]+)`", row)]
    return [command for block in blocks(markdown) for command in split(block)] + in_tables


def split(block: str) -> list[str]:
    """The commands of a block.

    Args:
        block: lines for a shell.
    """
    found: list[str] = []
    lines = iter(block.splitlines())
    for line in lines:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        command = line
        while command.endswith("\\") or _open_quote(command):
            command += "\n" + next(lines)
        if heredoc := HEREDOC.search(command):
            while command.splitlines()[-1].strip() != heredoc[2]:
                command += "\n" + next(lines)
        found.append(command)
    return found


def _open_quote(command: str) -> bool:
    """Whether a quote is still open at the end."""
    quote = ""
    escaped = False
    for character in command:
        if escaped:
            escaped = False
        elif character == "\\" and quote != "'":
            escaped = True
        elif quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
    return bool(quote)
