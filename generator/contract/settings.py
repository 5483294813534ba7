"""What the runner tells the processes of the cases, as lines of JSON.

:class:`Settings` come on standard input of the one that finds them; :class:`Orders` on the line of each that it forks,
when the server is up and it is known which cases apply. Each line brings the key of the events that come back.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self


class _Line:
    """A dataclass as a line of JSON."""

    def to_line(self) -> bytes:
        """As one line."""
        return json.dumps(asdict(self)).encode() + b"\n"  # type: ignore[call-overload]

    @classmethod
    def from_line(cls, line: bytes) -> Self:
        """What :meth:`to_line` wrote."""
        data: dict[str, Any] = json.loads(line)
        return cls(**{key: tuple(value) if isinstance(value, list) else value for key, value in data.items()})


@dataclass(frozen=True)
class Settings(_Line):
    """Where the cases are.

    Attributes:
        key: what the events are sealed with.
        folders: the contract folders, the idea's own first; their helper modules can be imported by name.
    """

    key: str
    folders: tuple[str, ...]

    @property
    def openapi(self) -> Path:
        """The idea's OpenAPI document."""
        return Path(self.folders[0]) / "openapi.yaml"

    @cached_property
    def document(self) -> str:
        """Its text; empty if there is none."""
        return self.openapi.read_text("utf-8") if self.openapi.is_file() else ""


@dataclass(frozen=True)
class Orders(_Line):
    """What to run, and against which server.

    Attributes:
        cases: ids to run.
        fail_fast: stop after the first case that fails.
        url, public_url, auth, bind_sources: the main server, see :class:`generator.contract.client.Target`.
        pid: its process id; 0 when the runner did not start it.
        borrowed: whether another process runs cases against the same servers and puts them back.
        mails: whether the mails that the servers send are caught.
        managed: whether there is a steward, which starts and stops servers.
        key: what the events are sealed with.
    """

    cases: tuple[str, ...]
    url: str
    public_url: str
    auth: str
    fail_fast: bool = False
    bind_sources: bool = False
    pid: int = 0
    borrowed: bool = False
    managed: bool = False
    mails: bool = False
    key: str = ""
