"""What an idea's OpenAPI documents say of each operation: its path, the statuses of a success, an answer's members."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.contract.exchange import Exchange

_METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}


@dataclass(frozen=True)
class Operation:
    """One method of one path.

    Attributes:
        path: with parameters in braces; of what the documents do not have, as it was requested.
        statuses: of its successes, such as 201; empty when the documents do not have it.
        members: of each success, the names of its JSON object, under ``items`` those of a list's items.
    """

    method: str
    path: str
    statuses: tuple[int, ...] = ()
    members: Mapping[int, Mapping[str, frozenset[str]]] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def has_parameters(self) -> bool:
        """Whether its path names one thing of many."""
        return "{" in self.path

    def wrong_status(self, exchange: Exchange) -> bool:
        """Whether a success, or a redirect, has a status that the documents do not have."""
        return bool(self.statuses) and 200 <= exchange.status < 400 and exchange.status not in {*self.statuses, 304}

    def wrong_members(self, exchange: Exchange) -> tuple[list[str], list[str]]:
        """The names that an answer lacks, and those that it should not have."""
        missing, further = [], []
        for where, names in self.members.get(exchange.status, {}).items():
            if where in exchange.members:
                seen = set(exchange.members[where])
                missing += sorted(names - seen)
                further += sorted(seen - names)
        return missing, further


class Operations:
    """The operations of an idea.

    Args:
        documents: OpenAPI documents, parsed, or mappings of paths to methods with the status of their ``success``, as
            accounts.yaml has them.
    """

    def __init__(self, documents: Sequence[Mapping[str, Any]]) -> None:
        self._known: list[tuple[re.Pattern[str], Operation]] = []
        for document in documents:
            for path, item in document.get("paths", document).items():
                pattern = "/".join("[^/]+" if part[:1] == "{" else re.escape(part) for part in path.split("/"))
                for method, facts in item.items():
                    if method in _METHODS and path.startswith("/"):
                        self._known.append((re.compile(pattern), _operation(document, method.upper(), path, facts)))
        self._known.sort(key=lambda one: one[1].path.count("{"))  # a literal path wins over a parameter

    @classmethod
    def of_folders(cls, folders: Sequence[Path]) -> Operations:
        """Those of all documents in the contract's folders; an unreadable one counts as none."""
        import yaml

        documents = []
        for folder in folders:
            for file in sorted(folder.glob("*.yaml")):
                document = yaml.load(file.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
                if isinstance(document, dict):
                    documents.append(document)
        return cls(documents)

    def only_one_with(self, statuses: set[int]) -> Operation | None:
        """The operation whose success is one of these statuses, and not 200; None when several are."""
        found = [operation for _, operation in self._known if statuses.intersection(operation.statuses) - {200, 204}]
        own = [operation for operation in found if "/auth/" not in operation.path]
        return own[0] if len(own) == 1 else None

    def of(self, exchange: Exchange) -> Operation:
        """The operation that a request was meant for."""
        for method in (exchange.method, "GET" if exchange.method == "HEAD" else ""):
            for pattern, operation in self._known:
                if operation.method == method and pattern.fullmatch(exchange.path):
                    return operation
        return Operation(exchange.method, exchange.path)


def _operation(document: Mapping[str, Any], method: str, path: str, facts: Mapping[str, Any]) -> Operation:
    statuses, members = [facts["success"]] if "success" in facts else [], {}
    for status, response in facts.get("responses", {}).items():
        if not re.fullmatch(r"[23]\d\d", str(status)):
            continue
        statuses.append(int(status))
        content = _resolved(document, response).get("content", {}).get("application/json", {})
        schema = _resolved(document, content.get("schema", {}))
        if schema.get("additionalProperties") is False:
            members[int(status)] = _names(document, schema)
    return Operation(method, path, tuple(statuses), members)


def _names(document: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """The names of an object all whose members are required."""
    found: dict[str, frozenset[str]] = {}
    properties = schema.get("properties", {})
    if set(schema.get("required", ())) == set(properties):
        found[""] = frozenset(properties)
    items = _resolved(document, _resolved(document, properties.get("items", {})).get("items", {}))
    if set(items.get("required", ())) == set(items.get("properties", {})) != set():
        found["items"] = frozenset(items["properties"])
    return found


def _resolved(document: Mapping[str, Any], value: Mapping[str, Any]) -> Mapping[str, Any]:
    for _ in range(5):
        reference = value.get("$ref")
        if not isinstance(reference, str) or not reference.startswith("#/"):
            return value
        found: Any = document
        for part in reference[2:].split("/"):
            found = found.get(part, {}) if isinstance(found, dict) else {}
        value = found
    return value
