"""Which file of a project holds the rule of a case: the contract knows the hard part, the project's docs its file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

HARD_PARTS = "hard-parts.yml"  # beside the cases: id of a hard part → patterns of case ids
PAGE = Path("docs/hard-parts.md")  # in the project

_ANCHOR = re.compile(r'<a id="([\w-]+)">')
_CODE = re.compile(r"^Code: .*?\]\(\.\./([^)#]+)\)", re.MULTILINE)


def rule_files(contract: Sequence[Path], project: Path, cases: Iterable[str]) -> dict[str, str]:
    """The project's file that holds each case's rule, relative to the project, where that is known.

    Args:
        contract: the contract's folders.
        project: the project's folder.
        cases: ids of cases.
    """
    files = _files(project)
    patterns = [one for folder in contract for one in _patterns(folder / HARD_PARTS)]
    found = {}
    for case in cases:
        part = next((part for part, pattern in patterns if fnmatchcase(case, pattern) and part in files), None)
        if part:
            found[case] = files[part]
    return found


def _files(project: Path) -> dict[str, str]:
    """Hard part → file, from the project's own page of them."""
    try:
        text = (project / PAGE).read_text("utf-8", errors="replace")
    except OSError:
        return {}
    _, *sections = _ANCHOR.split(text)
    pairs = zip(sections[::2], sections[1::2], strict=True)
    found = {part: match[1] for part, section in pairs if (match := _CODE.search(section))}
    return {part: file for part, file in found.items() if (project / file).is_file()}


def _patterns(file: Path) -> list[tuple[str, str]]:
    import yaml

    if not file.is_file():
        return []
    parts = yaml.safe_load(file.read_text("utf-8"))
    return [(part, pattern) for part, patterns in parts.items() for pattern in patterns]
