"""What the runner tells the process that runs the cases, handed over on its standard input."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Settings:
    """One run, or one look at what there is to run.

    Attributes:
        results: the JSON-lines file for events, outside the project.
        token: stands in every event, so that no other writer's lines count.
        folders: the contract folders, the idea's own first; their helper modules can be imported by name.
        cases: ids to run; None to list all cases and run none.
        fail_fast: stop after the first case that fails.
        url, public_url, auth, bind_sources: the main server, see :class:`generator.contract.client.Target`.
        control: socket of the steward, or an empty string when the server cannot be started or stopped.
        control_key: proves to the steward that it is us.
        unavailable: service (``database``, ``cache``) → why it cannot be stopped.
    """

    results: str
    token: str
    folders: tuple[str, ...]
    cases: tuple[str, ...] | None = None
    fail_fast: bool = False
    url: str = ""
    public_url: str = ""
    auth: str = "none"
    bind_sources: bool = False
    control: str = ""
    control_key: str = ""
    unavailable: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        """As text for :meth:`from_json`."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Settings:
        """The settings that :meth:`to_json` wrote."""
        data: dict[str, Any] = json.loads(text)
        data["folders"] = tuple(data["folders"])
        data["cases"] = None if data["cases"] is None else tuple(data["cases"])
        return cls(**data)

    @property
    def openapi(self) -> Path:
        """The idea's OpenAPI document."""
        return Path(self.folders[0]) / "openapi.yaml"
