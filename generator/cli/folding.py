"""Sentences for a narrow terminal: broken at words, and never inside of what is to be typed."""

from __future__ import annotations

import re
import shutil
import textwrap
from typing import TextIO

NARROWEST = 20
# A command in quotes, before a remark on it, or behind a colon up to the end: copied from two lines it would be two.
TYPED = re.compile(
    r"(?<!\w)'[^']+'|`[^`]+`|scaffold exec .+?(?=   )|(?<=: )(?:(?:git|cd|scaffold|npm|uv)\b|[A-Z_]+=).*|https?://\S+"
)
GLUE = "\u2060"


def folded(text: str, stream: TextIO, indent: int = 0) -> str:
    """A text as a terminal shows it best; unchanged for a pipe or a file.

    Args:
        text: one or more lines.
        stream: where it is printed.
        indent: columns by which a line's further lines are indented.
    """
    if not stream.isatty():
        return text
    width = max(NARROWEST, shutil.get_terminal_size().columns)
    return "\n".join(_fold(line, width, " " * indent) for line in text.split("\n"))


def _fold(line: str, width: int, further: str) -> str:
    if len(line) <= width:
        return line
    glued = TYPED.sub(lambda found: found[0].replace(" ", GLUE), line)
    lead = glued[: len(glued) - len(glued.lstrip(" "))]
    words = textwrap.wrap(
        glued.strip(),
        width,
        initial_indent=lead,
        subsequent_indent=lead + further,
        break_on_hyphens=False,
        break_long_words=False,
    )
    return "\n".join(words).replace(GLUE, " ")
