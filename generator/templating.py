"""The Jinja extension that templates use: whole-line directives behind a comment sign.

``#% for x in y``, ``//% endfor``, ``--% …`` and ``<!--% … -->`` become block tags, so that a template still parses
as its own language. The variable delimiters ``<%= … %>`` and the hidden block delimiters are set by the renderer.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from jinja2 import Environment
from jinja2.ext import Extension

BLOCK_START, BLOCK_END = "<!%", "%!>"
ENVIRONMENT_OPTIONS: dict[str, Any] = {
    "variable_start_string": "<%=",
    "variable_end_string": "%>",
    "block_start_string": BLOCK_START,
    "block_end_string": BLOCK_END,
    "comment_start_string": "<%#",
    "comment_end_string": "#%>",
    "trim_blocks": True,
    "lstrip_blocks": True,
    "keep_trailing_newline": True,
    "autoescape": False,
    "undefined": "jinja2.StrictUndefined",
}
CONTEXT_FILE = "_context.json"

_DIRECTIVE = re.compile(r"^[ \t]*(?:#%|//%|--%|<!--%)[ \t]+(.*?)(?:[ \t]*-->)?[ \t]*$", re.MULTILINE)


class _Lists(dict[str, list[Any]]):
    """Contributions by list name; a list that no layer contributes to is empty, not undefined."""

    def __missing__(self, name: str) -> list[Any]:
        return []


class LayerExtension(Extension):
    """Directives, and the plan's context as globals, read from the assembled template itself."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        for folder in getattr(environment.loader, "searchpath", ()):
            context = Path(folder) / CONTEXT_FILE
            if context.is_file():
                values = json.loads(context.read_text(encoding="utf-8"))
                values["lists"] = _Lists(values["lists"])
                environment.globals.update(values)

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Turn directive lines into block tags, keeping every line where it is so that errors name the right one."""
        return _DIRECTIVE.sub(lambda match: f"{BLOCK_START} {match.group(1)} {BLOCK_END}", source)
