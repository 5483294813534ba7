"""The cases of a contract as they are written down, without importing it: a list in milliseconds."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from generator.contract import Case
from generator.errors import CatalogError

_MARK = "case"
_MEMBERS = {member.name for member in fields(Case)} - {"id"}


def read_cases(folder: Path) -> list[Case]:
    """The cases of a contract's folder, in the order of its files.

    What runs them is :mod:`generator.contract.process`, which imports the files; this reads the decorators alone.

    Raises:
        CatalogError: a file is not Python, or only running it would tell what a decorator says.
    """
    return [found for file in sorted(folder.glob("test_*.py")) for found in _cases(file)]


def _cases(file: Path) -> Iterator[Case]:
    try:
        module = ast.parse(file.read_text(encoding="utf-8"))
    except SyntaxError as error:
        raise CatalogError(f"{file}:{error.lineno} is not valid Python: {error.msg}") from error
    constants = {
        target.id: node.value
        for node in module.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }

    def value(node: ast.expr) -> Any:
        if isinstance(node, ast.Name) and node.id in constants:
            return value(constants[node.id])
        if isinstance(node, ast.Tuple):
            pieces = [value(one.value) if isinstance(one, ast.Starred) else (value(one),) for one in node.elts]
            return tuple(member for piece in pieces for member in piece)
        try:
            return ast.literal_eval(node)
        except ValueError as error:
            raise CatalogError(
                f"{file}:{node.lineno}: what a case says of itself is no literal and no constant of its file",
                "Write it out.",
            ) from error

    for function in module.body:
        for decorator in getattr(function, "decorator_list", ()):
            if isinstance(decorator, ast.Call) and getattr(decorator.func, "id", "") == _MARK:
                given: dict[str, Any] = {
                    word.arg: value(word.value) for word in decorator.keywords if word.arg in _MEMBERS
                }
                for name in ("needs", "auth"):
                    given[name] = tuple(given.get(name, ()))
                yield Case(value(decorator.args[0]), **given)
