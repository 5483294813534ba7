"""The other provider behind the same answers, and the settings of both."""

import json
import re
import secrets
import time

from sky import CURRENT, DAY, FORECAST, LOCATIONS, WEATHER, ask, settings, sky_of
from stand_in import Day
from wire import assert_members, assert_problem, instant

from generator.contract import case
from generator.services.upstream import Reply

PROCESS = ("process",)
KEY = f"key-{secrets.token_hex(8)}"


def server_of(upstream, variant):
    """The sky, and a server that asks OpenWeatherMap."""
    sky = sky_of(upstream)
    return sky, variant(settings(sky, WEATHER_PROVIDER="openweathermap", WEATHER_API_KEY=KEY))


@case("openweathermap.current.answers-the-same", points=2, reason="Clients know one service.", needs=PROCESS)
def test_current(upstream, variant):
    sky, server = server_of(upstream, variant)
    place = sky.place(temperature=21.44, feels_like=-3.26, humidity=67, wind=36.0, owm=803, at=1_790_000_000)
    weather = ask(server.client(), place.by_name)
    assert_members(weather, WEATHER)
    assert weather["location"] == {"name": place.name, "country": "Standland", "lat": place.lat, "lon": place.lon}
    assert instant(weather["observedAt"]).timestamp() == 1_790_000_000
    numbers = [weather[name] for name in ("temperatureC", "feelsLikeC", "humidity", "windKph")]
    assert numbers == [21.4, -3.3, 67, 36], "wind comes in metres a second"
    assert (weather["condition"], weather["source"], weather["stale"]) == ("cloudy", "openweathermap", False)


CONDITIONS = {
    "thunderstorm": (200, 211, 232),
    "drizzle": (300, 321),
    "rain": (500, 511, 531),
    "snow": (600, 611, 622),
    "fog": (701, 721, 741),
    "clear": (800,),
    "partly-cloudy": (801, 802),
    "cloudy": (803, 804),
    "unknown": (100, 762, 781, 805, 900),
}


@case("openweathermap.current.has-the-same-words", points=1, reason="Its codes are others.", needs=PROCESS)
def test_conditions(upstream, variant):
    sky, server = server_of(upstream, variant)
    visitor = server.client()
    for condition, codes in CONDITIONS.items():
        for code in codes:
            assert ask(visitor, sky.place(owm=code).by_coordinates)["condition"] == condition, f"id {code}"


@case(
    "openweathermap.forecast.makes-days-of-hours",
    points=3,
    reason="It tells every third hour: a day is made of those of its date, where the place is.",
    needs=PROCESS,
)
def test_forecast(upstream, variant):
    sky, server = server_of(upstream, variant)
    codes = (804, 501, 601, 300, 201, 741, 801)
    days = tuple(Day(-2.0 - day, 15.0 + day, 0.5 * day, 0, codes[day]) for day in range(7))
    words = ["cloudy", "rain", "snow", "drizzle", "thunderstorm", "fog"]
    for number in range(4):  # in four time zones, at four times of the day
        place, at = sky.place(days=days), 1_790_000_000 + number * 20_000
        sky.change(place, at=at)
        forecast = ask(server.client(), place.by_name, FORECAST)
        assert forecast["source"] == "openweathermap"
        answered = forecast["days"]
        assert 5 <= len(answered) <= 6, "forty entries are five days, in up to six dates"
        for day in answered:
            assert_members(day, DAY)
        begins = (at // 10_800 + 1) * 10_800 + round(place.lon / 15) * 3600  # the first entry, where the place is
        dates = [time.strftime("%Y-%m-%d", time.gmtime(begins + ahead * 86_400)) for ahead in range(len(answered))]
        assert [day["date"] for day in answered] == dates
        for ahead, day in enumerate(answered[1:5], start=1):  # those that are whole
            assert (day["minC"], day["maxC"]) == (-2 - ahead, 15 + ahead)
            assert day["precipitationMm"] == 0.5 * ahead
            assert day["condition"] == words[ahead], "the most severe of the day"
        assert ask(server.client(), {**place.by_name, "days": "2"}, FORECAST)["days"] == answered[:2]


@case("openweathermap.locations.finds-places", points=1, reason="Its search is another one, too.", needs=PROCESS)
def test_places(upstream, variant):
    sky, server = server_of(upstream, variant)
    visitor, place = server.client(), sky.place()
    first, second = ask(visitor, {"q": place.name}, LOCATIONS)["items"]
    assert first == {
        "name": place.name,
        "region": "Stand-in",
        "country": "Standland",
        "lat": place.lat,
        "lon": place.lon,
    }
    assert second["region"] is None
    assert ask(visitor, {"q": "Nowhere"}, LOCATIONS) == {"items": []}
    assert_problem(visitor.get(CURRENT, params={"city": "Nowhere"}), 404)


@case(
    "openweathermap.lies.are-503",
    points=2,
    reason="It has other documents, and other ways to be wrong.",
    needs=PROCESS,
)
def test_lies(upstream, variant):
    sky, server = server_of(upstream, variant)
    visitor = server.client()
    for wrong in ([], {"cod": 200}, {"weather": [], "main": {}, "wind": {}, "dt": 1}, {"list": [], "city": {}}):
        for path in (CURRENT, FORECAST):
            place = sky.place()
            sky.always(place, Reply.json(wrong), "current", "forecast")
            assert_problem(visitor.get(path, params=place.by_coordinates), 503, what=wrong)
    for wrong in ({"cod": 401, "message": "Invalid API key."}, [{"name": "X", "lat": "1", "lon": 2}]):
        place = sky.place()
        sky.always(place, Reply.json(wrong, 401 if isinstance(wrong, dict) else 200), "places")
        assert_problem(visitor.get(LOCATIONS, params={"q": place.name}), 503, what=wrong)


@case(
    "openweathermap.key.never-shows",
    points=3,
    reason="The key is money: it goes to the provider, and to no visitor and no log.",
    needs=PROCESS,
)
def test_key(upstream, variant):
    sky, server = server_of(upstream, variant)
    visitor, good = server.client(), sky.place()
    bad = {
        "500": Reply(500),
        "401": Reply.json({"cod": 401, "message": f"Invalid API key {KEY}"}, 401),
        "garbage": Reply(200, f"{KEY} is no JSON".encode()),
        "a redirect": Reply(302, b"", {"Location": f"/?appid={KEY}"}),
        "a closed connection": Reply(cut=True),
        "a hang": Reply(wait=5),
        "another document": Reply.json({"appid": KEY}),
    }
    seen = [visitor.get(path, params=good.by_name) for path in (CURRENT, FORECAST)]
    for reply in bad.values():
        place = sky.place()
        sky.always(place, reply)
        seen.append(visitor.get(CURRENT, params=place.by_coordinates, timeout=10))
        seen.append(visitor.get(LOCATIONS, params={"q": place.name}, timeout=10))
    seen += [visitor.get(path) for path in ("/", "/docs", "/openapi.json", "/ready")]
    assert {request.value("appid") for request in sky.asked(good)} == {KEY}, "the provider must get it"
    for response in seen:
        assert KEY not in response.text + json.dumps(dict(response.headers)), response.request.url.path
    time.sleep(0.5)
    logged = "\n".join(server.stdout_lines()) + server.stderr_text()
    assert KEY not in logged, next(line for line in logged.splitlines() if KEY in line)[:300]


@case("openweathermap.key.is-needed", points=1, reason="Without it every request would fail, and later.", needs=PROCESS)
def test_no_key(boot_refused):
    code, output = boot_refused({"WEATHER_PROVIDER": "openweathermap", "WEATHER_API_KEY": None})
    assert code == 1, f"exit code {code}: {output[-500:]}"
    assert named("WEATHER_API_KEY", output), output[-500:]


BAD = {
    "WEATHER_PROVIDER": "frogs",
    "OPEN_METEO_URL": "nonsense",
    "OPEN_METEO_GEOCODING_URL": "ftp://example.com",
    "OPENWEATHERMAP_URL": "file:///etc/passwd",
    "WEATHER_FRESH_SECONDS": "soon",
    "WEATHER_STALE_SECONDS": "-1",
    "WEATHER_TIMEOUT_MS": "0",
    "WEATHER_MAX_BODY_BYTES": "lots",
    "BREAKER_FAILURES": "0",
    "BREAKER_SECONDS": "1.5x",
}


def named(variable, output):
    """Whether an output names that variable."""
    return re.search(rf"(?<![A-Z_]){variable}(?![A-Z_])", output) is not None


@case("weather.config.bad-settings-are-named", points=2, reason="One start tells all that is wrong.", needs=PROCESS)
def test_bad_settings(boot_refused):
    code, output = boot_refused(BAD)
    assert code == 1, f"exit code {code}"
    missing = [variable for variable in BAD if not named(variable, output)]
    assert not missing, f"not named: {', '.join(missing)} in:\n{output[-1500:]}"
