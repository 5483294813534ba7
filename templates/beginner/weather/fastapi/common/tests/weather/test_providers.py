"""The providers' protocols. The documents are as they send them, shortened."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from app.config import Settings
from app.upstream.errors import UpstreamError
from app.weather.providers.open_meteo import OpenMeteo
from app.weather.providers.openweathermap import OpenWeatherMap
from app.weather.providers.provider import WeatherProvider

Make = Callable[[type[WeatherProvider], Any], WeatherProvider]
DATES = ["2030-01-31", *(f"2030-02-0{day}" for day in range(1, 7))]
METEO_CURRENT = {
    "current": {
        "time": 1896091200,
        "temperature_2m": 3.26,
        "apparent_temperature": -0.04,
        "relative_humidity_2m": 81,
        "wind_speed_10m": 14,
        "weather_code": 61,
    }
}
METEO_DAILY = {
    "daily": {
        "time": DATES,
        "temperature_2m_min": [-1.25] * 7,
        "temperature_2m_max": [4] * 7,
        "precipitation_sum": [0.0] * 7,
        "weather_code": [0, 2, 3, 45, 53, 71, 42],
    }
}
MAP_CURRENT = {
    "dt": 1896091200,
    "main": {"temp": 3.26, "feels_like": 0.2, "humidity": 81},
    "wind": {"speed": 5},
    "weather": [{"id": 501}, {"id": 701}],
}


@pytest.fixture
def make(settings: Settings) -> Make:
    """Makes a provider that is always sent the same document."""

    def made(kind: type[WeatherProvider], document: Any) -> WeatherProvider:
        body = httpx.ByteStream(json.dumps(document).encode())
        transport = httpx.MockTransport(lambda _: httpx.Response(200, stream=body))
        return kind(httpx.AsyncClient(transport=transport), settings)

    return made


async def test_open_meteo_knows_the_weather_now(make: Make) -> None:
    weather = await make(OpenMeteo, METEO_CURRENT).current(1, 2)
    assert weather.observed_at == datetime(2030, 1, 31, 12, tzinfo=UTC)
    assert (weather.temperature_c, weather.feels_like_c, weather.humidity) == (3.3, 0, 81)
    assert (weather.wind_kph, weather.condition) == (14, "rain")


async def test_open_meteo_knows_a_week(make: Make) -> None:
    days = await make(OpenMeteo, METEO_DAILY).forecast(1, 2)
    assert [str(day.date) for day in days] == DATES
    words = ["clear", "partly-cloudy", "cloudy", "fog", "drizzle", "snow", "unknown"]
    assert [day.condition for day in days] == words


async def test_open_meteo_finds_places(make: Make) -> None:
    rome = {
        "name": "Rome",
        "admin1": "Lazio",
        "country": "Italy",
        "latitude": 41.89193,
        "longitude": 12.51133,
    }
    places = await make(OpenMeteo, {"results": [rome, {**rome, "admin1": None}]}).find_places("rome")
    assert (places[0].region, places[0].lat, places[0].lon) == ("Lazio", 41.89, 12.51)
    assert places[1].region is None
    assert await make(OpenMeteo, {"generationtime_ms": 0.5}).find_places("nowhere") == []


async def test_openweathermap_knows_the_weather_now(make: Make) -> None:
    weather = await make(OpenWeatherMap, MAP_CURRENT).current(1, 2)
    assert (weather.temperature_c, weather.wind_kph, weather.condition) == (3.3, 18, "rain")


async def test_openweathermap_has_days_of_three_hours_each(make: Make) -> None:
    def hours(text: str, low: float, high: float, sky: int, **fallen: Any) -> dict[str, Any]:
        at = int(datetime.fromisoformat(text).timestamp())
        return {"dt": at, "main": {"temp_min": low, "temp_max": high}, "weather": [{"id": sky}], **fallen}

    document = {
        "city": {"timezone": 7200},
        "list": [
            hours("2030-01-31T18:00:00Z", 1, 5, 800),
            hours("2030-01-31T21:00:00Z", -2, 3, 601, rain={"3h": 0.5}, snow={"3h": 1.2}),
            hours("2030-01-31T22:00:00Z", 0, 9, 803),  # midnight where the place is
        ],
    }
    first, second = await make(OpenWeatherMap, document).forecast(1, 2)
    assert (first.date, first.min_c, first.max_c) == (date(2030, 1, 31), -2, 5)
    assert (first.precipitation_mm, first.condition) == (1.7, "snow")
    assert (second.date, second.condition) == (date(2030, 2, 1), "cloudy")


async def test_openweathermap_finds_places(make: Make) -> None:
    rome = {"name": "Rome", "lat": 41.8933203, "lon": 12.4829321, "country": "IT", "state": "Lazio"}
    (place,) = await make(OpenWeatherMap, [rome]).find_places("rome")
    assert (place.name, place.region, place.lat, place.lon) == ("Rome", "Lazio", 41.89, 12.48)
    assert await make(OpenWeatherMap, []).find_places("nowhere") == []


@pytest.mark.parametrize("code", [None, "61", [61], {}, True, 61.5])
async def test_a_code_that_is_no_number_is_an_error(make: Make, code: Any) -> None:
    current = {"current": {**METEO_CURRENT["current"], "weather_code": code}}
    with pytest.raises(UpstreamError):
        await make(OpenMeteo, current).current(1, 2)
    with pytest.raises(UpstreamError):
        await make(OpenWeatherMap, {**MAP_CURRENT, "weather": [{"id": code}]}).current(1, 2)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("time", "1896091200"),
        ("temperature_2m", 100.1),
        ("apparent_temperature", -273.15),
        ("relative_humidity_2m", 101),
        ("relative_humidity_2m", -1),
        ("relative_humidity_2m", True),
        ("wind_speed_10m", -0.1),
        ("wind_speed_10m", float("inf")),
        ("relative_humidity_2m", float("nan")),
    ],
)
async def test_a_value_that_cannot_be_is_an_error(make: Make, name: str, value: Any) -> None:
    with pytest.raises(UpstreamError):
        await make(OpenMeteo, {"current": {**METEO_CURRENT["current"], name: value}}).current(1, 2)


@pytest.mark.parametrize(
    ("name", "value"), [("latitude", 90.1), ("longitude", -180.1), ("latitude", "1"), ("name", "")]
)
async def test_a_place_that_cannot_be_is_an_error(make: Make, name: str, value: Any) -> None:
    rome = {"name": "Rome", "country": "Italy", "latitude": 41.89193, "longitude": 12.51133, name: value}
    with pytest.raises(UpstreamError):
        await make(OpenMeteo, {"results": [rome]}).find_places("rome")


async def test_openweathermaps_impossible_values_are_errors(make: Make) -> None:
    for member, value in (("wind", {"speed": -1}), ("main", {"temp": 101, "feels_like": 1, "humidity": 1})):
        with pytest.raises(UpstreamError):
            await make(OpenWeatherMap, {**MAP_CURRENT, member: value}).current(1, 2)


@pytest.mark.parametrize("document", [None, [], {}, "x", {"current": []}, {"daily": {}, "list": []}])
async def test_a_document_of_another_form_is_an_error(make: Make, document: Any) -> None:
    for kind in (OpenMeteo, OpenWeatherMap):
        with pytest.raises(UpstreamError):
            await make(kind, document).current(1, 2)
        with pytest.raises(UpstreamError):
            await make(kind, document).forecast(1, 2)


def test_weather_is_not_stale_before_it_is_old(settings: Settings) -> None:
    known = {name: getattr(settings, name) for name in Settings.model_fields} | {"weather_fresh_seconds": 60}
    assert Settings.model_validate(known | {"weather_stale_seconds": 60}).weather_stale_seconds == 60
    with pytest.raises(ValidationError, match="weather_stale_seconds"):
        Settings.model_validate(known | {"weather_stale_seconds": 59})


def test_openweathermap_needs_a_key(settings: Settings) -> None:
    known = {name: getattr(settings, name) for name in Settings.model_fields}
    known["weather_provider"] = "openweathermap"
    assert Settings.model_validate(known | {"weather_api_key": "k"}).weather_api_key.get_secret_value() == "k"
    with pytest.raises(ValidationError, match="weather_api_key"):
        Settings.model_validate(known | {"weather_api_key": ""})
