"""What the runner tells the process that runs the cases: two lines of JSON on its standard input.

The first, :class:`Settings`, comes at once, and the process collects the cases. The second, :class:`Orders`, comes when
the server is up and it is known which cases apply; when the input ends without it, nothing is run.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
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
    """Where the cases are and where to report.

    Attributes:
        results: the JSON-lines file for events, outside the project.
        token: stands in every event, so that no other writer's lines count.
        folders: the contract folders, the idea's own first; their helper modules can be imported by name.
    """

    results: str
    token: str
    folders: tuple[str, ...]

    @property
    def openapi(self) -> Path:
        """The idea's OpenAPI document."""
        return Path(self.folders[0]) / "openapi.yaml"


@dataclass(frozen=True)
class Orders(_Line):
    """What to run, and against which server.

    Attributes:
        cases: ids to run.
        fail_fast: stop after the first case that fails.
        url, public_url, auth, bind_sources: the main server, see :class:`generator.contract.client.Target`.
        pid: its process id; 0 when the runner did not start it.
        borrowed: whether another process runs cases against the same servers and puts them back.
        control: socket of the steward, or an empty string when the server cannot be started or stopped.
        mails: the file with the mails that the servers send; an empty string when none are caught.
        control_key: proves to the steward that it is us.
    """

    cases: tuple[str, ...]
    url: str
    public_url: str
    auth: str
    fail_fast: bool = False
    bind_sources: bool = False
    pid: int = 0
    borrowed: bool = False
    control: str = ""
    control_key: str = ""
    mails: str = ""
