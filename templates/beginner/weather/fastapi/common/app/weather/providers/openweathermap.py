"""https://openweathermap.org: needs a key. Its free forecast covers five days in steps of three hours."""

from collections.abc import Container
from datetime import UTC, date, timedelta
from itertools import groupby
from typing import Annotated, get_args

import httpx
from pydantic import AfterValidator, AliasPath, BaseModel, Field, RootModel

from app.config import Settings
from app.upstream.values import Number, UnixTime
from app.weather.providers import provider
from app.weather.providers.provider import Condition, CurrentWeather, Day, Place, WeatherProvider

IDS: dict[Condition, Container[int]] = {
    "thunderstorm": range(200, 300),
    "drizzle": range(300, 400),
    "rain": range(500, 600),
    "snow": range(600, 700),
    "fog": (701, 721, 741),
    "clear": (800,),
    "partly-cloudy": (801, 802),
    "cloudy": (803, 804),
}
SEVERITY = get_args(Condition)

SkyId = Annotated[Condition, provider.read_code(IDS)]
Fallen = Annotated[Number, Field(ge=0)]  # rounded only when all is added up
Kph = Annotated[Number, Field(ge=0), AfterValidator(lambda mps: round(mps * 3.6, 1) + 0.0)]


class _Place(Place):
    region: str | None = Field(None, validation_alias="state")


class _Places(RootModel[list[_Place]]):
    pass


class _Current(CurrentWeather):
    observed_at: UnixTime = Field(validation_alias="dt")
    temperature_c: provider.Temperature = Field(validation_alias=AliasPath("main", "temp"))
    feels_like_c: provider.Temperature = Field(validation_alias=AliasPath("main", "feels_like"))
    humidity: provider.Percent = Field(validation_alias=AliasPath("main", "humidity"))
    wind_kph: Kph = Field(validation_alias=AliasPath("wind", "speed"))
    condition: SkyId = Field(validation_alias=AliasPath("weather", 0, "id"))


class _ThreeHours(BaseModel):
    """One forecast step."""

    at: UnixTime = Field(validation_alias="dt")
    min_c: provider.Temperature = Field(validation_alias=AliasPath("main", "temp_min"))
    max_c: provider.Temperature = Field(validation_alias=AliasPath("main", "temp_max"))
    rain: Fallen = Field(0.0, validation_alias=AliasPath("rain", "3h"))
    snow: Fallen = Field(0.0, validation_alias=AliasPath("snow", "3h"))
    condition: SkyId = Field(validation_alias=AliasPath("weather", 0, "id"))


class _Forecast(BaseModel):
    hours: list[_ThreeHours] = Field(validation_alias="list", min_length=1)
    utc_offset: int = Field(validation_alias=AliasPath("city", "timezone"), ge=-86_400, le=86_400)

    def days(self) -> list[Day]:
        def local_date(hours: _ThreeHours) -> date:
            return (hours.at.astimezone(UTC) + timedelta(seconds=self.utc_offset)).date()

        return [_to_day(day, list(group)) for day, group in groupby(self.hours, local_date)][:7]


def _to_day(day: date, hours: list[_ThreeHours]) -> Day:
    return Day(
        date=day,
        min_c=min(part.min_c for part in hours),
        max_c=max(part.max_c for part in hours),
        precipitation_mm=sum(part.rain + part.snow for part in hours),
        condition=max((part.condition for part in hours), key=SEVERITY.index),
    )


class OpenWeatherMap(WeatherProvider):
    name = "openweathermap"

    def __init__(self, http: httpx.AsyncClient, settings: Settings) -> None:
        super().__init__(http, settings)
        self._geocoding = self._client(settings.openweathermap_url)
        self._forecasts = self._client(settings.openweathermap_url)
        self._key = settings.weather_api_key.get_secret_value()

    async def find_places(self, name: str) -> list[Place]:
        params = {"q": name, "limit": "5", "appid": self._key}
        return [*(await self._geocoding.get("/geo/1.0/direct", params, _Places)).root]

    async def current(self, lat: float, lon: float) -> CurrentWeather:
        return await self._forecasts.get("/data/2.5/weather", self._params(lat, lon), _Current)

    async def forecast(self, lat: float, lon: float) -> list[Day]:
        return (await self._forecasts.get("/data/2.5/forecast", self._params(lat, lon), _Forecast)).days()

    def _params(self, lat: float, lon: float) -> dict[str, str]:
        return {"lat": f"{lat}", "lon": f"{lon}", "units": "metric", "appid": self._key}
