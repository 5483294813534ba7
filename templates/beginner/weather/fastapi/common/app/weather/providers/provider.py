"""What a weather provider is, and what it knows."""

from abc import ABC, abstractmethod
from collections.abc import Container, Mapping
from datetime import date
from typing import Annotated, Any, Literal

import httpx
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, PlainSerializer

from app.config import Settings
from app.schemas import ResponseModel
from app.upstream.breaker import CircuitBreaker
from app.upstream.client import UpstreamClient
from app.upstream.values import Number, require_int

Source = Literal["open-meteo", "openweathermap"]
# From the mildest to the most severe.
Condition = Literal[
    "unknown", "clear", "partly-cloudy", "cloudy", "fog", "drizzle", "rain", "snow", "thunderstorm"
]

OneDecimal = AfterValidator(lambda value: round(value, 1) + 0.0)  # plus 0.0: there is no -0.0
# A value that nature does not have is a lie like one of a wrong type.
Temperature = Annotated[Number, Field(ge=-100, le=100), OneDecimal]
Amount = Annotated[Number, Field(ge=0), OneDecimal]
Percent = Annotated[Number, Field(ge=0, le=100), AfterValidator(round), PlainSerializer(int, return_type=int)]
# Two decimals are about a kilometre: as precise as a forecast, and few enough to be cached.
TwoDecimals = AfterValidator(lambda value: round(value, 2) + 0.0)
Latitude = Annotated[Number, Field(ge=-90, le=90), TwoDecimals]
Longitude = Annotated[Number, Field(ge=-180, le=180), TwoDecimals]


def read_code(codes: Mapping[Condition, Container[int]]) -> BeforeValidator:
    """Return what translates a provider's codes. One that is not known is no reason to fail."""

    def read(value: Any) -> str:
        code = require_int(value)
        return next((condition for condition, known in codes.items() if code in known), "unknown")

    return BeforeValidator(read)


class Place(ResponseModel):
    name: str = Field(min_length=1)
    region: str | None = None
    country: str | None = None
    lat: Latitude
    lon: Longitude


class CurrentWeather(ResponseModel):
    observed_at: AwareDatetime
    temperature_c: Temperature
    feels_like_c: Temperature
    humidity: Percent = Field(description="Percent")
    wind_kph: Amount
    condition: Condition


class Day(ResponseModel):
    date: date
    min_c: Temperature
    max_c: Temperature
    precipitation_mm: Amount
    condition: Condition


class WeatherProvider(ABC):
    """A service that knows the weather. Whatever is wrong with its response is an `UpstreamError`."""

    name: Source

    def __init__(self, http: httpx.AsyncClient, settings: Settings) -> None:
        self._http = http
        self._settings = settings

    def _client(self, url: str) -> UpstreamClient:
        """Return a client with its own breaker: one service of a provider may work while another fails."""
        settings = self._settings
        return UpstreamClient(
            self._http,
            url,
            timeout=settings.weather_timeout_ms / 1000,
            max_bytes=settings.weather_max_body_bytes,
            breaker=CircuitBreaker(settings.breaker_failures, settings.breaker_seconds),
        )

    @abstractmethod
    async def find_places(self, name: str) -> list[Place]:
        """Return the places of this name, the likeliest first. There may be none."""

    @abstractmethod
    async def current(self, lat: float, lon: float) -> CurrentWeather: ...

    @abstractmethod
    async def forecast(self, lat: float, lon: float) -> list[Day]:
        """Return the days from today on, as many as the provider knows, seven at most."""
