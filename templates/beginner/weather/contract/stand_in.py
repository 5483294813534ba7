"""Open-Meteo and OpenWeatherMap with made-up weather: their paths, parameters and documents.

A place has the weather that its coordinates make up, always the same. A name has the coordinates that it makes up,
unless it is a known city; what begins with "nowhere" is no place.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from generator.services.upstream import Reply, Request

CITIES = {
    "berlin": ("Berlin", "Germany", "Land Berlin", 52.52437, 13.41053),
    "london": ("London", "United Kingdom", "England", 51.50853, -0.12574),
    "madrid": ("Madrid", "Spain", "Madrid", 40.4165, -3.70256),
    "nairobi": ("Nairobi", "Kenya", "Nairobi Area", -1.28333, 36.81667),
    "new york": ("New York", "United States", "New York", 40.71427, -74.00597),
    "paris": ("Paris", "France", "Île-de-France", 48.85341, 2.3488),
    "tokyo": ("Tokyo", "Japan", "Tokyo", 35.6895, 139.69171),
}
# WMO code and OpenWeatherMap's id of the same weather.
SKIES = ((0, 800), (2, 801), (3, 804), (45, 741), (53, 301), (63, 501), (73, 601), (95, 201))
DAYS = 7
HOURS = 3


@dataclass(frozen=True)
class Day:
    """One day: degrees Celsius, millimetres, codes of both providers."""

    low: float
    high: float
    precipitation: float
    wmo: Any
    owm: Any


@dataclass(frozen=True)
class Weather:
    """What there is to know of a place: degrees Celsius, percent, km/h, codes of both providers."""

    temperature: Any
    feels_like: Any
    humidity: Any
    wind: Any
    wmo: Any
    owm: Any
    at: int = 0
    days: tuple[Day, ...] = field(default=())


def number_of(text: str) -> int:
    """A number that a text makes up."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])


def place_of(name: str) -> tuple[str, str, str, float, float] | None:
    """Name, country, region, latitude and longitude of the place of that name; None when there is none."""
    wanted = name.strip().casefold()
    if wanted.startswith("nowhere"):
        return None
    number = number_of(wanted)
    lat, lon = round(number % 16_000 / 100 - 80, 2), round(number // 16_000 % 34_000 / 100 - 170, 2)
    made_up = (name.strip(), "Standland", "Stand-in", lat, lon)
    return CITIES.get(wanted, made_up)


def weather_of(lat: float, lon: float) -> Weather:
    """The weather that a place has."""
    number = number_of(f"{lat:.2f} {lon:.2f}")
    temperature = round(30 - abs(lat) / 3 + number % 70 / 10, 1)
    wmo, owm = SKIES[number % len(SKIES)]
    days = []
    for day in range(DAYS):
        code = SKIES[(number + day) % len(SKIES)]
        low = round(temperature - 5 + day % 3, 1)
        days.append(Day(low, round(low + 8.4, 1), round((number + day) % 90 / 10, 1), *code))
    at = int(time.time()) // 900 * 900
    return Weather(
        temperature, round(temperature - 1.3, 1), 30 + number % 60, 3.6 * (number % 15), wmo, owm, at, tuple(days)
    )


# Open-Meteo


def open_meteo_places(name: str, count: int) -> dict[str, Any]:
    """/v1/search: without ``results`` when nothing is found."""
    place = place_of(name)
    document: dict[str, Any] = {"generationtime_ms": 0.5}
    if place is None or count < 1:
        return document
    title, country, region, lat, lon = place
    found = [{"id": 1, "name": title, "latitude": lat, "longitude": lon, "country": country, "admin1": region}]
    if count > 1:  # another of that name, in a country and a region that are not known
        found.append({"id": 2, "name": title, "latitude": round(lat / 2, 4), "longitude": round(lon / 2, 4)})
    return {"results": found, **document}


def open_meteo_weather(request: Request, weather: Weather, lat: float, lon: float) -> Reply:
    """/v1/forecast: the variables that are asked for."""
    offset = round(lon / 15) * 3600 if request.value("timezone") == "auto" else 0
    unix = request.value("timeformat") == "unixtime"
    now = {
        "temperature_2m": weather.temperature,
        "apparent_temperature": weather.feels_like,
        "relative_humidity_2m": weather.humidity,
        "wind_speed_10m": weather.wind,
        "weather_code": weather.wmo,
    }
    count = int(request.value("forecast_days", "7"))
    days = weather.days[:count]
    daily = {
        "weather_code": [day.wmo for day in days],
        "temperature_2m_max": [day.high for day in days],
        "temperature_2m_min": [day.low for day in days],
        "precipitation_sum": [day.precipitation for day in days],
    }
    document: dict[str, Any] = {"latitude": lat, "longitude": lon, "utc_offset_seconds": offset, "elevation": 38.0}
    for member, known in (("current", now), ("daily", daily)):
        asked = [name for value in request.query.get(member, []) for name in value.split(",")]
        unknown = [name for name in asked if name not in known]
        if unknown:
            return Reply.json({"error": True, "reason": f"Invalid variable {unknown[0]}"}, 400)
        if asked:
            document[member] = {name: known[name] for name in asked}
    local = datetime.fromtimestamp(weather.at, UTC) + timedelta(seconds=offset)
    if "current" in document:
        document["current"]["time"] = weather.at if unix else local.strftime("%Y-%m-%dT%H:%M")
        document["current"]["interval"] = 900
    if "daily" in document:
        dates = [local.date() + timedelta(days=day) for day in range(len(days))]
        midnights = [datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() - offset for day in dates]
        document["daily"]["time"] = midnights if unix else [str(day) for day in dates]
    return Reply.json(document)


# OpenWeatherMap


def sky(code: Any) -> list[dict[str, Any]]:
    """The member ``weather``."""
    return [{"id": code, "main": "Made up", "description": "made-up weather", "icon": "01d"}]


def owm_places(name: str, limit: int) -> list[dict[str, Any]]:
    """/geo/1.0/direct."""
    place = place_of(name)
    if place is None:
        return []
    title, country, region, lat, lon = place
    found = [{"name": title, "lat": lat, "lon": lon, "country": country, "state": region}]
    return [*found, {"name": title, "lat": round(lat / 2, 4), "lon": round(lon / 2, 4), "country": country}][:limit]


def owm_current(weather: Weather, lat: float, lon: float) -> dict[str, Any]:
    """/data/2.5/weather in metric units: metres a second."""
    wind = weather.wind / 3.6 if isinstance(weather.wind, (int, float)) else weather.wind
    main = {"temp": weather.temperature, "feels_like": weather.feels_like, "pressure": 1015}
    return {
        "coord": {"lon": lon, "lat": lat},
        "weather": sky(weather.owm),
        "main": {**main, "humidity": weather.humidity},
        "wind": {"speed": wind, "deg": 240},
        "dt": weather.at,
        "timezone": round(lon / 15) * 3600,
        "name": "Made up",
        "cod": 200,
    }


def owm_forecast(weather: Weather, lon: float) -> dict[str, Any]:
    """/data/2.5/forecast: forty entries, three hours apart, from the next third hour."""
    offset = round(lon / 15) * 3600
    start = (weather.at // (HOURS * 3600) + 1) * HOURS * 3600
    first = datetime.fromtimestamp(start + offset, UTC).date()
    entries: list[dict[str, Any]] = []
    for at in range(start, start + 40 * HOURS * 3600, HOURS * 3600):
        local = datetime.fromtimestamp(at + offset, UTC)
        day = weather.days[(local.date() - first).days]
        middle = local.hour // HOURS == 4  # the worst of a day is at noon, the rest is clear
        main = {"temp": day.low, "temp_min": day.low, "temp_max": day.high if middle else day.low, "humidity": 50}
        entry = {"dt": at, "main": main, "weather": sky(day.owm if middle else 800)}
        if middle:
            entry["rain"] = {"3h": day.precipitation}
        entries.append(entry)
    return {"cod": "200", "cnt": len(entries), "list": entries, "city": {"name": "Made up", "timezone": offset}}


def owm(request: Request, weather: Weather | None = None) -> Reply:
    """What OpenWeatherMap answers, as weather in a place of one's own where it is given."""
    if not request.value("appid"):
        return Reply.json({"cod": 401, "message": "Invalid API key."}, 401)
    if request.path == "/geo/1.0/direct":
        return Reply.json(owm_places(request.value("q"), int(request.value("limit", "1"))))
    lat, lon = float(request.value("lat")), float(request.value("lon"))
    weather = weather or weather_of(lat, lon)
    if request.value("units") != "metric":
        return Reply.json({"cod": 400, "message": "the stand-in speaks metric units alone"}, 400)
    if request.path == "/data/2.5/weather":
        return Reply.json(owm_current(weather, lat, lon))
    return Reply.json(owm_forecast(weather, lon))


def answer(request: Request, weather: Weather | None = None) -> Reply:
    """What the provider whose path it is answers.

    Args:
        weather: that of the place; by default what its coordinates make up.
    """
    try:
        if request.path == "/v1/search":
            return Reply.json(open_meteo_places(request.value("name"), int(request.value("count", "10"))))
        if request.path == "/v1/forecast":
            lat, lon = float(request.value("latitude")), float(request.value("longitude"))
            return open_meteo_weather(request, weather or weather_of(lat, lon), lat, lon)
        if request.path in {"/geo/1.0/direct", "/data/2.5/weather", "/data/2.5/forecast"}:
            return owm(request, weather)
    except ValueError as error:
        return Reply.json({"error": True, "reason": str(error)}, 400)
    return Reply.json({"error": True, "reason": "Not Found"}, 404)
