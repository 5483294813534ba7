"""One request of a case and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

ABSENT = frozenset({404, 405, 501})  # how a server answers what it does not have
SHOWN = 300  # characters of a body


@dataclass(frozen=True)
class Exchange:
    """One request and what came of it.

    Attributes:
        path: without the query.
        status: 0 when no whole answer came.
        request_id: the ``X-Request-Id`` of the answer, or the one that was sent.
        sent: the request's body, shortened.
        seen: the answer's body, shortened, or why there is none.
        members: the names in a JSON object of a success, and under ``items`` those of the first item of a list.
        at: seconds since the epoch at which the request went off.
    """

    method: str
    path: str
    status: int
    request_id: str = ""
    sent: str = ""
    seen: str = ""
    members: Mapping[str, Sequence[str]] = field(default_factory=dict)
    at: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return asdict(self)

    @classmethod
    def of_json(cls, data: Mapping[str, Any]) -> Exchange:
        """What :meth:`to_json` gave."""
        return cls(**data)

    @property
    def shape(self) -> tuple[Any, ...]:
        """Exchanges of one shape say the same: kind of path, status, members."""
        parts = self.path.split("/")
        names = tuple((key, tuple(value)) for key, value in self.members.items())
        return self.method, len(parts), tuple(parts[:4]) if len(parts) > 3 else "", self.status, names
