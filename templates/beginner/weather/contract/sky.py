"""The weather providers under the control of the cases, and servers that ask them."""

from __future__ import annotations

import secrets
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from stand_in import Weather, answer, place_of, weather_of
from wire import once

from generator.services.upstream import Reply, Request, Upstream

CURRENT = "/api/v1/weather/current"
FORECAST = "/api/v1/weather/forecast"
LOCATIONS = "/api/v1/locations"

WEATHER = set("location observedAt temperatureC feelsLikeC humidity windKph condition source stale".split())
DAY = set("date minC maxC precipitationMm condition".split())
LOCATION = {"name", "country", "lat", "lon"}

# What a provider does to its clients, by name. Each of these is no weather.
FAILURES: dict[str, Reply] = {
    "500": Reply(500, b"oops"),
    "501 in HTML": Reply(501, b"<h1>Not implemented</h1>", {"Content-Type": "text/html"}),
    "429": Reply.json({"error": True, "reason": "Too many requests"}, 429),
    "401": Reply.json({"cod": 401, "message": "Invalid API key"}, 401),
    "HTML": Reply(200, b"<!doctype html><title>Maintenance</title>", {"Content-Type": "text/html"}),
    "garbage": Reply(200, bytes(range(256)), {"Content-Type": "application/json"}),
    "nothing": Reply(200, b"", {"Content-Type": "application/json"}),
    "half a document": Reply(200, b'{"current": {"time": 17', {"Content-Type": "application/json"}),
    "null": Reply.json(None),
    "another document": Reply.json({"ok": True, "list": "yes", "current": [], "daily": 5, "results": {}}),
    "a redirect": Reply(302, b"", {"Location": "/elsewhere"}),
    "a flood": Reply(200, b'{"current": "', {"Content-Type": "application/json"}, flood=8 * 1024 * 1024),
    "a closed connection": Reply(cut=True),
    "a hang": Reply(wait=20),
    "a body that drips": Reply(200, b" " * 500, {"Content-Type": "application/json"}, drip=0.1),
}
SLOW = ("a hang", "a body that drips")


@dataclass(frozen=True)
class Place:
    """A place that no other case knows."""

    name: str
    lat: float
    lon: float

    @property
    def by_name(self) -> dict[str, str]:
        """Parameters that name it."""
        return {"city": self.name}

    @property
    def by_coordinates(self) -> dict[str, str]:
        """Parameters that say where it is."""
        return {"lat": f"{self.lat}", "lon": f"{self.lon}"}


def _kind_of(request: Request) -> str:
    """``places``, ``current`` or ``forecast``."""
    if request.path in {"/v1/search", "/geo/1.0/direct"}:
        return "places"
    return (
        "forecast"
        if (request.path.startswith("/data/") and "forecast" in request.path) or "daily" in request.query
        else "current"
    )


def _subject(request: Request) -> Any:
    """What a request is about: a name, or coordinates."""
    if _kind_of(request) == "places":
        return (request.value("name") or request.value("q")).strip().casefold()
    try:
        lat = float(request.value("latitude") or request.value("lat"))
        return round(lat, 2), round(float(request.value("longitude") or request.value("lon")), 2)
    except ValueError:
        return None


class Sky:
    """Both providers. Each place can have a weather of its own, and be answered as a case wants it."""

    def __init__(self, upstream: Callable[..., Upstream]) -> None:
        self._weather: dict[Any, Weather] = {}
        self._always: dict[Any, Reply] = {}
        self._next: defaultdict[Any, deque[Reply]] = defaultdict(deque)
        self._server = upstream(self._answer)

    @property
    def url(self) -> str:
        """Where it listens."""
        return self._server.url

    @property
    def sent(self) -> int:
        """Bytes of bodies that clients have taken from it."""
        return self._server.sent

    def place(self, name: str | None = None, **weather: Any) -> Place:
        """A new place, none if it is called "Nowhere"; ``weather`` is what differs from the made-up one."""
        title = f"{name or 'Town'} {secrets.token_hex(5)}"
        found = place_of(title) or ("", "", "", 0.0, 0.0)
        place = Place(title, found[3], found[4])
        if weather:
            self.change(place, **weather)
        return place

    def change(self, place: Place, **weather: Any) -> None:
        """Change the weather of a place."""
        self._weather[place.lat, place.lon] = replace(self.weather(place), **weather)

    def weather(self, place: Place) -> Weather:
        """The weather of a place."""
        return self._weather.get((place.lat, place.lon)) or weather_of(place.lat, place.lon)

    def always(self, place: Place, reply: Reply | None, *kinds: str) -> None:
        """Answer so to all requests of these kinds about a place; None ends it."""
        for key in self._keys(place, kinds):
            if reply:
                self._always[key] = reply
            else:
                self._always.pop(key, None)

    def once(self, place: Place, *replies: Reply, kind: str = "current") -> None:
        """Answer so to the next requests of that kind about a place."""
        self._next[self._keys(place, (kind,))[0]].extend(replies)

    def asked(self, place: Place, *kinds: str) -> list[Request]:
        """The requests of these kinds about a place so far."""
        keys = self._keys(place, kinds)
        return [request for request in list(self._server.requests) if (_subject(request), _kind_of(request)) in keys]

    def requests(self) -> list[Request]:
        """All requests so far."""
        return list(self._server.requests)

    @staticmethod
    def _keys(place: Place, kinds: tuple[str, ...]) -> list[Any]:
        subjects = {
            "places": place.name.casefold(),
            "current": (place.lat, place.lon),
            "forecast": (place.lat, place.lon),
        }
        return [(subjects[kind], kind) for kind in kinds or subjects]

    def _answer(self, request: Request) -> Reply:
        subject = _subject(request)
        key = (subject, _kind_of(request))
        if self._next[key]:
            return self._next[key].popleft()
        return self._always.get(key) or answer(request, self._weather.get(subject))


def sky_of(upstream: Callable[..., Upstream]) -> Sky:
    """The one sky of all cases."""
    return once("sky", lambda: Sky(upstream))


def settings(sky: Sky, **more: str | None) -> dict[str, str | None]:
    """Settings of a server that asks this sky, and whose breaker stays closed unless they say otherwise."""
    names = ("OPEN_METEO_URL", "OPEN_METEO_GEOCODING_URL", "OPENWEATHERMAP_URL")
    return {**dict.fromkeys(names, sky.url), "BREAKER_FAILURES": "1000000", **more}


def calm(upstream: Any, variant: Any, **more: str | None) -> tuple[Sky, Any]:
    """The sky, and a visitor of a server that asks it and whose cache and limits are the default ones."""
    sky = sky_of(upstream)
    return sky, variant(settings(sky, **more)).client()


def brief(upstream: Any, variant: Any) -> tuple[Sky, Any]:
    """The same, where weather is fresh for one second."""
    return calm(upstream, variant, WEATHER_FRESH_SECONDS="1")


def grow_old(seconds: float = 1.3) -> None:
    """Let what is fresh for one second become old."""
    time.sleep(seconds)


def ask(visitor: Any, params: dict[str, str], path: str = CURRENT) -> dict[str, Any]:
    """The weather as answered."""
    response = visitor.get(path, params=params, timeout=10)
    assert response.status_code == 200, f"{params}: {response.status_code} {response.text[:300]}"
    return response.json()


def age_of(response: Any) -> int | None:
    """The header ``Age``; None without it."""
    text = response.headers.get("age")
    assert text is None or text.isdecimal(), f"Age is {text!r}"
    return None if text is None else int(text)
