"""Bodies and queries of the favourites feature."""

from typing import Self
from uuid import UUID

from pydantic import ConfigDict, Field

from app.favorites.models import Favorite
from app.pagination import Page
from app.schemas import ResponseModel, TimeOut
from app.weather.schemas import CurrentWeatherOut, Location, OnePlace


class FavoriteCreate(OnePlace):
    model_config = ConfigDict(extra="forbid")


class FavoriteListQuery(Page):
    cursor: UUID | None = Field(None, description="`nextCursor` of the page before: the id of its last one.")


class FavoriteOut(ResponseModel):
    id: UUID
    location: Location
    created_at: TimeOut

    @classmethod
    def of(cls, favorite: Favorite) -> Self:
        location = Location.model_validate(favorite)
        return cls(id=favorite.id, location=location, created_at=favorite.created_at)


class FavoriteList(ResponseModel):
    items: list[FavoriteOut]
    next_cursor: UUID | None


class FavoriteError(ResponseModel):
    """Why there is no weather of one favourite."""

    status: int
    detail: str


class FavoriteWeather(ResponseModel):
    favorite: FavoriteOut
    weather: CurrentWeatherOut | None = None
    error: FavoriteError | None = None


class FavoriteWeatherList(ResponseModel):
    items: list[FavoriteWeather]
