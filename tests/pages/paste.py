"""Pastes the commands of a project's pages into one shell and reads what was requested and what came back."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

PAGES = ("README.md", "docs/api.md")
BASE = "BASE=http://127.0.0.1:3000"
SECONDS = 120
# Stands before the real curl on the path: it notes what each command sends and receives, and changes nothing.
SHIM = """\
#!/bin/sh
n=$(ls {notes} | wc -l)
{curl} --trace-ascii {notes}/$(printf %04d $n) "$@"
code=$?
[ $code = 0 ] || echo "curl ended with $code: $*" >> {failures}
exit $code
"""


@dataclass(frozen=True)
class Exchange:
    """One request and the status of its response."""

    method: str
    path: str
    status: int

    def __str__(self) -> str:
        return f"{self.method} {self.path} → {self.status}"


@dataclass(frozen=True)
class Pasted:
    """What came of pasting all commands.

    Attributes:
        rounds: the exchanges of each time, in order.
        errors: what the shell and curl complained of.
        expected: statuses that the commands themselves print, so that the reader expects them.
    """

    rounds: tuple[tuple[Exchange, ...], ...]
    errors: str

    def problems(self) -> list[str]:
        """Why a reader would say that a command does not work; empty if all do, each time."""
        found = [f"the shell says: {line}" for line in self.errors.splitlines()]
        first = self.rounds[0]
        for number, exchanges in enumerate(self.rounds, 1):
            found += [f"round {number}: {exchange}" for exchange in exchanges if exchange.status not in WORKS]
            if [exchange.status for exchange in exchanges] != [exchange.status for exchange in first]:
                found.append(f"round {number} has other statuses than the first")
        if not first:
            found.append("there is no request at all")
        return found


# 410 is what the page announces for the link that it has switched off.
WORKS = frozenset({200, 201, 204, 302, 410})


def commands(project: Path) -> list[str]:
    """The blocks of shell commands that send requests, page by page."""
    blocks = []
    for page in PAGES:
        text = (project / page).read_text(encoding="utf-8")
        found = re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
        blocks += [block for block in found if "$BASE" in block or BASE in block]
    return blocks


def paste(project: Path, url: str, folder: Path, *, shell: str = "sh", times: int = 2) -> Pasted:
    """Run every block in order, in one shell, as often as wanted.

    Args:
        project: the project's folder.
        url: where it runs, without a slash at the end.
        folder: an empty folder for files that the commands write.
        shell: the program that runs them.
        times: how often all of them are pasted.
    """
    notes, failures, tools = folder / "notes", folder / "failures", folder / "tools"
    for made in (notes, tools, folder / "cwd"):
        made.mkdir()
    curl = shutil.which("curl")
    assert curl, "curl is needed"
    shim = tools / "curl"
    names = {"notes": notes, "failures": failures, "curl": curl}
    shim.write_text(SHIM.format(**{name: shlex.quote(str(value)) for name, value in names.items()}))
    shim.chmod(0o755)
    blocks = [block.replace(BASE, f"BASE={url}") for block in commands(project)]
    mark = f"ls {shlex.quote(str(notes))} | wc -l >> {shlex.quote(str(folder / 'rounds'))}\n"
    done = subprocess.run(
        [shell],
        input="".join(("".join(blocks) + mark) * times),
        cwd=folder / "cwd",
        env={**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    failed = failures.read_text() if failures.exists() else ""
    ends = [int(line) for line in (folder / "rounds").read_text().split()]
    exchanges = [_exchange(note.read_text(encoding="latin-1")) for note in sorted(notes.iterdir())]
    starts = [0, *ends]
    rounds = tuple(tuple(exchanges[start:end]) for start, end in zip(starts, ends, strict=False))
    return Pasted(rounds, done.stderr + failed)


def _exchange(note: str) -> Exchange:
    """What curl's trace says of one command: the request line that was sent and the status that came."""
    head = re.search(r"=> Send header.*\n((?:[0-9a-f]{4}: .*\n)+)", note)
    # A long line of the header is cut into pieces, each behind its offset.
    sent = re.match(r"(\S+) (\S+) HTTP", re.sub(r"[0-9a-f]{4}: (.*)\n", r"\1", head[1])) if head else None
    came = re.findall(r"<= Recv header.*?\n0000: HTTP/\S+ (\d{3})", note)
    return Exchange(sent[1], sent[2].partition("?")[0], int(came[-1])) if sent and came else Exchange("?", "?", 0)
