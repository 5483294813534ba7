"""Bodies of the links feature."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, Field, StrictBool

from app.links.codes import PATTERN, check_not_reserved
from app.links.models import Link
from app.links.target_url import MAX_LENGTH, check_target_url
from app.pagination import Page
from app.schemas import RequestModel, ResponseModel, TimeOut, now
from app.times import TimeIn


def _check_future(value: datetime) -> datetime:
    if value <= now():
        raise ValueError("must be in the future")
    return value


TargetUrl = Annotated[str, Field(max_length=MAX_LENGTH), AfterValidator(check_target_url)]
CustomCode = Annotated[str, Field(pattern=PATTERN), AfterValidator(check_not_reserved)]
FutureTime = Annotated[TimeIn, AfterValidator(_check_future)]


class LinkCreate(RequestModel):
    url: TargetUrl
    code: CustomCode | None = None
    expires_at: FutureTime | None = None


class LinkUpdate(RequestModel):
    """What is not sent stays as it is. Only `expiresAt` may be null."""

    # These values are never used: what is not sent is not changed. `None` would not do: the client could then
    # send null. They come from factories, since OpenAPI would show a default.
    url: TargetUrl = Field(default_factory=str)
    enabled: StrictBool = Field(default_factory=bool)
    expires_at: FutureTime | None = None


class LinkListQuery(Page):
    cursor: UUID | None = Field(None, description="`nextCursor` of the page before: the id of its last link.")
    q: str | None = Field(None, max_length=200, pattern=r"^[^\x00]*$")


class LinkOut(ResponseModel):
    id: UUID
    code: str
    short_url: str
    url: str
    enabled: bool
    expires_at: TimeOut | None
    clicks: int
    created_at: TimeOut
    updated_at: TimeOut

    @classmethod
    def of(cls, link: Link, public_url: str) -> Self:
        stored = {name: getattr(link, name) for name in cls.model_fields if name != "short_url"}
        return cls(**stored, short_url=f"{public_url}/{link.code}")


class LinkList(ResponseModel):
    items: list[LinkOut]
    next_cursor: UUID | None


class DayClicks(ResponseModel):
    date: date
    clicks: int


class ReferrerClicks(ResponseModel):
    host: str | None
    clicks: int


class LinkStats(ResponseModel):
    total: int
    per_day: list[DayClicks]
    referrers: list[ReferrerClicks]
