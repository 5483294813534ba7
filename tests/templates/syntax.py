"""Whether a file is what its name says: parsed by a real parser of its language."""

from __future__ import annotations

import ast
import hashlib
import json
import re
import tomllib
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from functools import cache
from html.parser import HTMLParser
from pathlib import PurePosixPath
from typing import Any

import tree_sitter_java
import tree_sitter_typescript
import yaml
from tree_sitter import Language, Parser


def check(path: str, content: bytes) -> None:
    """Parse a file; raises ValueError, SyntaxError or a parser's own error when it is not what its name says."""
    text = content.decode("utf-8")
    name = PurePosixPath(path).name
    parser = _BY_NAME.get(name) or _BY_SUFFIX.get(PurePosixPath(path).suffix)
    if parser is None:
        raise ValueError(f"nothing here can read {path}")
    digest = hashlib.sha256(content).digest()
    if (digest, parser) not in _checked:
        parser(text)
        _checked.add((digest, parser))


_checked: set[tuple[bytes, Callable[[str], Any]]] = set()


def _python(text: str) -> None:
    ast.parse(text)


def _yaml(text: str) -> None:
    assert yaml.load(text, _NoDuplicates) is not None


def _markdown(text: str) -> None:
    assert text.startswith(("# ", "## ")), "begins with a heading"
    assert len(text.split()) > 20
    assert text.count("```") % 2 == 0, "every fence is closed"
    assert "\n\n\n\n" not in text


def _settings(text: str) -> None:
    for line in text.splitlines():
        assert re.fullmatch(r"|#.*|[A-Z][A-Z0-9_]*=\S*", line), line


def _xml(text: str) -> None:
    ElementTree.fromstring(text)


def _html(text: str) -> None:
    HTMLParser().feed(text)
    assert text.lstrip().lower().startswith("<!doctype html>")


def _dockerfile(text: str) -> None:
    instructions = [line.split()[0] for line in text.splitlines() if line and line[0].isalpha()]
    assert instructions[0] in {"FROM", "ARG"}
    assert {"USER", "HEALTHCHECK"} <= set(instructions), "not as root, and with a health check"
    assert set(instructions) <= set(
        "FROM ARG RUN CMD LABEL EXPOSE ENV ADD COPY ENTRYPOINT VOLUME USER WORKDIR HEALTHCHECK STOPSIGNAL".split()
    )


def _lines(text: str) -> None:
    assert text.strip()


def _text(text: str) -> None:
    """Any text will do, none as well."""


def _grammar(pointer: object) -> Callable[[str], None]:
    parser = Parser(Language(pointer))

    def parse(text: str) -> None:
        tree = parser.parse(text.encode())
        if tree.root_node.has_error:
            raise ValueError(f"syntax error near line {_first_error(tree.root_node)}")

    return parse


def _first_error(node: Any) -> int:
    for child in node.children:
        if child.has_error:
            return _first_error(child)
    return int(node.start_point[0]) + 1


class _NoDuplicates(yaml.SafeLoader):
    """A key that is given twice is a mistake of composition that YAML itself forgives."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value if key.tag != "tag:yaml.org,2002:merge"]
        twice = [key for key in keys if keys.count(key) > 1]
        if twice:
            raise ValueError(f"{twice[0]!r} is given twice")
        return super().construct_mapping(node, deep)


def _json(text: str) -> None:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        if len(set(keys)) < len(keys):
            raise ValueError("a key is given twice")
        return dict(pairs)

    json.loads(text, object_pairs_hook=once)


@cache
def _typescript() -> Callable[[str], None]:
    return _grammar(tree_sitter_typescript.language_typescript())


@cache
def _java() -> Callable[[str], None]:
    return _grammar(tree_sitter_java.language())


_BY_SUFFIX: dict[str, Callable[[str], Any]] = {
    ".py": _python,
    ".ts": lambda text: _typescript()(text),
    ".mjs": lambda text: _typescript()(text),
    ".js": lambda text: _typescript()(text),
    ".cjs": lambda text: _typescript()(text),
    ".java": lambda text: _java()(text),
    ".json": _json,
    ".toml": tomllib.loads,
    ".yaml": _yaml,
    ".yml": _yaml,
    ".xml": _xml,
    ".html": _html,
    ".md": _markdown,
    ".sql": _lines,
    ".ini": _lines,
    ".properties": _lines,
    ".mako": _lines,
    ".css": _lines,
    ".sh": _lines,
    ".txt": _lines,
    ".config": _lines,
}
_BY_NAME: dict[str, Callable[[str], Any]] = {
    "Dockerfile": _dockerfile,
    "LICENSE": _lines,
    ".env": _settings,
    ".env.example": _settings,
    ".gitignore": _lines,
    ".gitattributes": _lines,
    ".dockerignore": _lines,
    ".editorconfig": _lines,
    ".npmrc": _lines,
    ".nvmrc": _lines,
    ".node-version": _lines,
    ".python-version": _lines,
    ".gitkeep": _text,
    "__init__.py": _python,
    "py.typed": _text,
}
