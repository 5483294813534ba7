"""https://open-meteo.com: free for non-commercial use, without a key."""

from datetime import date
from typing import Annotated

import httpx
from pydantic import AliasPath, BaseModel, Field

from app.config import Settings
from app.upstream.values import UnixTime
from app.weather.providers import provider
from app.weather.providers.provider import Condition, CurrentWeather, Day, Place, WeatherProvider

# WMO codes (table 4677), as far as Open-Meteo uses them.
CODES: dict[Condition, tuple[int, ...]] = {
    "clear": (0, 1),
    "partly-cloudy": (2,),
    "cloudy": (3,),
    "fog": (45, 48),
    "drizzle": (51, 53, 55, 56, 57),
    "rain": (61, 63, 65, 66, 67, 80, 81, 82),
    "snow": (71, 73, 75, 77, 85, 86),
    "thunderstorm": (95, 96, 99),
}
CURRENT = "temperature_2m,apparent_temperature,relative_humidity_2m,wind_speed_10m,weather_code"
DAILY = "weather_code,temperature_2m_max,temperature_2m_min,precipitation_sum"

WeatherCode = Annotated[Condition, provider.read_code(CODES)]


class _Place(Place):
    region: str | None = Field(None, validation_alias="admin1")
    lat: provider.Latitude = Field(validation_alias="latitude")
    lon: provider.Longitude = Field(validation_alias="longitude")


class _Places(BaseModel):
    results: list[_Place] = []  # left out when nothing is found


class _Current(CurrentWeather):
    observed_at: UnixTime = Field(validation_alias=AliasPath("current", "time"))
    temperature_c: provider.Temperature = Field(validation_alias=AliasPath("current", "temperature_2m"))
    feels_like_c: provider.Temperature = Field(validation_alias=AliasPath("current", "apparent_temperature"))
    humidity: provider.Percent = Field(validation_alias=AliasPath("current", "relative_humidity_2m"))
    wind_kph: provider.Amount = Field(validation_alias=AliasPath("current", "wind_speed_10m"))
    condition: WeatherCode = Field(validation_alias=AliasPath("current", "weather_code"))


class _Daily(BaseModel):
    """One list for each value; together they are days."""

    time: list[date] = Field(min_length=7, max_length=7)
    temperature_2m_min: list[provider.Temperature] = Field(min_length=7, max_length=7)
    temperature_2m_max: list[provider.Temperature] = Field(min_length=7, max_length=7)
    precipitation_sum: list[provider.Amount] = Field(min_length=7, max_length=7)
    weather_code: list[WeatherCode] = Field(min_length=7, max_length=7)


class _Forecast(BaseModel):
    daily: _Daily


class OpenMeteo(WeatherProvider):
    name = "open-meteo"

    def __init__(self, http: httpx.AsyncClient, settings: Settings) -> None:
        super().__init__(http, settings)
        self._geocoding = self._client(settings.open_meteo_geocoding_url)
        self._forecasts = self._client(settings.open_meteo_url)

    async def find_places(self, name: str) -> list[Place]:
        params = {"name": name, "count": "10", "language": "en", "format": "json"}
        return [*(await self._geocoding.get("/v1/search", params, _Places)).results]

    async def current(self, lat: float, lon: float) -> CurrentWeather:
        params = {"latitude": f"{lat}", "longitude": f"{lon}", "current": CURRENT, "timeformat": "unixtime"}
        return await self._forecasts.get("/v1/forecast", params, _Current)

    async def forecast(self, lat: float, lon: float) -> list[Day]:
        params = {"latitude": f"{lat}", "longitude": f"{lon}", "daily": DAILY, "forecast_days": "7"}
        params["timezone"] = "auto"  # the days of the place, not of Greenwich
        daily = (await self._forecasts.get("/v1/forecast", params, _Forecast)).daily
        low, high = daily.temperature_2m_min, daily.temperature_2m_max
        fallen, sky = daily.precipitation_sum, daily.weather_code
        return [
            Day(date=day, min_c=low[n], max_c=high[n], precipitation_mm=fallen[n], condition=sky[n])
            for n, day in enumerate(daily.time)
        ]
