"""A weather provider that does as it is told, and counts what it is asked."""

from datetime import UTC, date, datetime, timedelta

import httpx

from app.config import Settings
from app.upstream.errors import UpstreamError
from app.weather.providers.provider import CurrentWeather, Day, Place, WeatherProvider

ROME = Place(name="Rome", region="Lazio", country="Italy", lat=41.89, lon=12.51)
OSLO = Place(name="Oslo", region=None, country="Norway", lat=59.91, lon=10.75)
PLACES = {"rome": [ROME, ROME.model_copy(update={"country": "United States"})], "oslo": [OSLO]}
WEATHER = CurrentWeather(
    observed_at=datetime(2030, 1, 31, 12, tzinfo=UTC),
    temperature_c=21.44,
    feels_like_c=-0.04,
    humidity=66.6,
    wind_kph=12.5,
    condition="cloudy",
)
WEEK = [
    Day(
        date=date(2030, 1, 31) + timedelta(days=day),
        min_c=day,
        max_c=day + 5,
        precipitation_mm=0,
        condition="rain",
    )
    for day in range(7)
]


class FakeProvider(WeatherProvider):
    name = "open-meteo"

    def __init__(self, http: httpx.AsyncClient, settings: Settings) -> None:
        super().__init__(http, settings)
        self.asked: list[str] = []
        self.fails = False
        self.fails_at: float | None = None

    async def find_places(self, name: str) -> list[Place]:
        self._answer(f"places {name}")
        return PLACES.get(name.lower(), [])

    async def current(self, lat: float, lon: float) -> CurrentWeather:
        self._answer(f"current {lat} {lon}")
        if lat == self.fails_at:
            raise UpstreamError("answered 500")
        return WEATHER

    async def forecast(self, lat: float, lon: float) -> list[Day]:
        self._answer(f"forecast {lat} {lon}")
        return WEEK

    def _answer(self, question: str) -> None:
        self.asked.append(question)
        if self.fails:
            raise UpstreamError("answered 500")
