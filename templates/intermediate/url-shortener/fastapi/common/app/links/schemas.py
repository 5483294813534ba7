"""Bodies of the links feature."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema

from app.links.codes import PATTERN, check_custom_code
from app.links.link import Link
from app.links.target_url import MAX_LENGTH, check_target_url
from app.schemas import AnswerModel, RequestModel
from app.times import Timestamp, now, parse_time


def _in_future(moment: datetime) -> datetime:
    if moment <= now():
        msg = "must be in the future"
        raise ValueError(msg)
    return moment


TargetUrl = Annotated[str, StringConstraints(max_length=MAX_LENGTH), AfterValidator(check_target_url)]
CustomCode = Annotated[str, StringConstraints(pattern=f"^{PATTERN}$"), AfterValidator(check_custom_code)]
FutureTime = Annotated[
    datetime,
    BeforeValidator(parse_time),
    AfterValidator(_in_future),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]


class LinkCreate(RequestModel):
    """A new link."""

    url: TargetUrl
    code: CustomCode | None = None
    expires_at: FutureTime | None = None


class LinkPatch(RequestModel):
    """A JSON merge patch (RFC 7396): what is not sent stays, and null clears.

    Only `expiresAt` can be cleared. The defaults of the others are never read
    (`exclude_unset`): they make the members optional without allowing null.
    """

    url: TargetUrl = Field(default_factory=str)
    enabled: bool = Field(default_factory=bool)
    expires_at: FutureTime | None = None


class LinkOut(AnswerModel):
    """A link."""

    id: str
    code: str
    short_url: str
    url: str
    enabled: bool
    expires_at: Timestamp | None
    clicks: int
    created_at: Timestamp
    updated_at: Timestamp

    @classmethod
    def of(cls, link: Link, public_url: str) -> Self:
        """Show a link to its owner."""
        return cls(
            id=link.id,
            code=link.code,
            short_url=f"{public_url}/{link.code}",
            url=link.url,
            enabled=link.enabled,
            expires_at=link.expires_at,
            clicks=link.clicks,
            created_at=link.created_at,
            updated_at=link.updated_at,
        )


class LinkList(AnswerModel):
    """A page of links."""

    items: list[LinkOut]
    next_cursor: str | None


class DayOut(AnswerModel):
    """The clicks of one day in UTC."""

    date: date
    clicks: int


class ReferrerOut(AnswerModel):
    """The clicks that came from one host; null for those that came from nowhere."""

    host: str | None
    clicks: int


class StatsOut(AnswerModel):
    """The clicks of a link: all, by day, and by referrer in these days."""

    total: int
    per_day: list[DayOut]
    referrers: list[ReferrerOut]
