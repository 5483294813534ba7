"""Queries and bodies of the weather feature."""

import re
from typing import Annotated, Any, Self

from pydantic import BaseModel, Field, StringConstraints, field_validator, model_validator

from app.schemas import ResponseModel, TimeOut
from app.weather.providers.provider import CurrentWeather, Day, Latitude, Longitude, Place, Source

DEGREES = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]{1,15})?")
NO_CONTROL_CHARACTERS = r"^[^\x00-\x1f\x7f-\x9f]*$"

PlaceName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=NO_CONTROL_CHARACTERS)
]


class OnePlace(BaseModel):
    """Either a city, or coordinates."""

    # These values are never used. They come from factories, since OpenAPI would show a default.
    city: PlaceName = Field(default_factory=str)
    lat: Latitude = Field(default_factory=float, description="With `lon`, instead of `city`.")
    lon: Longitude = Field(default_factory=float)

    @model_validator(mode="after")
    def _check_one_place(self) -> Self:
        if self.model_fields_set & {"city", "lat", "lon"} not in ({"city"}, {"lat", "lon"}):
            raise ValueError("give either a city, or lat and lon")
        return self


class PlaceQuery(OnePlace):
    @field_validator("lat", "lon", mode="before")
    @classmethod
    def _read_degrees(cls, value: Any) -> float:
        # Python's own `float` would also take "nan", "1e1" and digits of other scripts.
        if not DEGREES.fullmatch(value):
            raise ValueError("must be a number of degrees such as 52.52")
        return float(value)


class ForecastQuery(PlaceQuery):
    days: int = Field(7, ge=1, le=7)


class Location(ResponseModel):
    """Coordinates have two decimals. A place that is given by its coordinates has no name."""

    name: str | None
    country: str | None
    lat: float
    lon: float


class PlaceList(ResponseModel):
    items: list[Place]


class CurrentWeatherOut(CurrentWeather):
    location: Location
    observed_at: TimeOut
    source: Source
    stale: bool = Field(description="Older than it should be, because the provider fails")


class ForecastOut(ResponseModel):
    location: Location
    source: Source
    stale: bool
    days: list[Day]
