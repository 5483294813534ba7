"""The Jinja extension that templates use: whole-line directives behind a comment sign.

``#% for x in y``, ``//% endfor``, ``--% …`` and ``<!--% … -->`` become block tags, so that a template still parses
as its own language. The variable delimiters ``<%= … %>`` and the hidden block delimiters are set by the renderer.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import CodeType
from typing import Any, ClassVar

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
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


class _Compiled(BytecodeCache):
    """What was compiled in this process, by name and source, as every render has a template folder of its own."""

    _code: ClassVar[dict[tuple[str, str], CodeType]] = {}

    def get_bucket(self, environment: Environment, name: str, filename: str | None, source: str) -> Bucket:
        bucket = Bucket(environment, name, self.get_source_checksum(source))
        code = self._code.get((name, bucket.checksum))
        if code is not None:
            # Errors are told by the file that is rendered now, not by the one that was compiled first.
            bucket.code = code.replace(co_filename=filename or "<template>")
        return bucket

    def set_bucket(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._code[bucket.key, bucket.checksum] = bucket.code


def quoted(value: Any) -> str:
    """A filter: a value as JSON with its characters as they are, which YAML and most languages read as well."""
    return json.dumps(value, ensure_ascii=False)


class LayerExtension(Extension):
    """Directives, and the plan's context as globals, read from the assembled template itself."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.bytecode_cache = _Compiled()
        environment.filters["quoted"] = quoted
        for folder in getattr(environment.loader, "searchpath", ()):
            context = Path(folder) / CONTEXT_FILE
            if context.is_file():
                values = json.loads(context.read_text(encoding="utf-8"))
                values["lists"] = _Lists(values["lists"])
                environment.globals.update(values)

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Turn directive lines into block tags, keeping every line where it is so that errors name the right one."""
        return _DIRECTIVE.sub(lambda match: f"{BLOCK_START} {match.group(1)} {BLOCK_END}", source)
