"""A short link, as every part of this feature knows it, whatever database keeps it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link. `version` goes up with each edit, not with clicks; a deleted link is a tombstone."""

    id: str
    owner_id: str
    code: str
    url: str
    enabled: bool
    expires_at: datetime | None
    version: int
    clicks: int
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Clicks:
    """So many visits of one link, on one day (days since 1970, UTC), from one host."""

    link_id: str
    day: int
    host: str | None
    number: int


@dataclass(frozen=True, slots=True)
class ClickBatch:
    """Clicks that are written together; the id tells a retry from a new batch."""

    id: str
    clicks: list[Clicks]
