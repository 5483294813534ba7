"""The weather of a place: how it is named, and what is answered."""

import time
from datetime import date, timedelta

from sky import CURRENT, DAY, FORECAST, LOCATION, LOCATIONS, WEATHER, ask, calm
from stand_in import Day
from wire import assert_invalid, assert_members, assert_problem, instant

from generator.contract import case

PROCESS = ("process",)
BAD_NUMBERS = ("", " ", "x", "nan", "NaN", "inf", "-Infinity", "1,5", "52.5N", "0x10", "--1", "1.2.3", "٣")


@case("weather.current.answers-for-a-city", points=2, reason="The name is what people know of a place.", needs=PROCESS)
def test_city(upstream, variant):
    sky, visitor = calm(upstream, variant)
    place = sky.place(temperature=21.44, feels_like=-3.26, humidity=67, wind=12.5, wmo=3, at=1_790_000_000)
    weather = ask(visitor, place.by_name)
    assert_members(weather, WEATHER)
    assert_members(weather["location"], LOCATION)
    assert weather["location"] == {"name": place.name, "country": "Standland", "lat": place.lat, "lon": place.lon}
    assert instant(weather["observedAt"]).timestamp() == 1_790_000_000
    numbers = {name: weather[name] for name in ("temperatureC", "feelsLikeC", "humidity", "windKph")}
    assert numbers == {"temperatureC": 21.4, "feelsLikeC": -3.3, "humidity": 67, "windKph": 12.5}
    assert (weather["condition"], weather["source"], weather["stale"]) == ("cloudy", "open-meteo", False)


@case(
    "weather.current.answers-for-coordinates",
    points=2,
    reason="A phone knows where it is, not what the place is called.",
    needs=PROCESS,
)
def test_coordinates(upstream, variant):
    sky, visitor = calm(upstream, variant)
    place = sky.place(temperature=8.0)
    weather = ask(visitor, place.by_coordinates)
    assert weather["location"] == {"name": None, "country": None, "lat": place.lat, "lon": place.lon}
    assert weather["temperatureC"] == 8
    assert not sky.asked(place, "places"), "nobody has to be asked where a place is whose coordinates are given"


@case("weather.current.takes-one-place", points=1, reason="Of two places, no answer could be the right one.")
def test_one_place(api):
    for params in (
        {},
        {"city": "Berlin", "lat": "52.5", "lon": "13.4"},
        {"city": "Berlin", "lat": "52.5"},
        {"city": "Berlin", "lon": "13.4"},
        {"lat": "52.5"},
        {"lon": "13.4"},
        {"days": "3"},
    ):
        for path in (CURRENT, FORECAST):
            assert_problem(api.get(path, params=params), 422, what=params)


@case("weather.current.rejects-bad-coordinates", points=1, reason="What is not on the globe has no weather.")
def test_bad_coordinates(api):
    for path in (CURRENT, FORECAST):
        for bad in (*BAD_NUMBERS, "90.01", "-91", "1000"):
            assert_invalid(api.get(path, params={"lat": bad, "lon": "13.4"}), "lat", bad)
        for bad in (*BAD_NUMBERS, "180.01", "-181", "1000"):
            assert_invalid(api.get(path, params={"lat": "52.5", "lon": bad}), "lon", bad)


@case("weather.current.takes-the-ends-of-the-earth", points=1, reason="The poles and the date line are places, too.")
def test_poles(api):
    for lat, lon in (("90", "0"), ("-90", "180"), ("0", "-180"), ("+12.5", "-0.001"), ("89.999", "179.999")):
        location = ask(api, {"lat": lat, "lon": lon})["location"]
        assert abs(location["lat"] - float(lat)) <= 0.005001, location
        assert abs(location["lon"] - float(lon)) <= 0.005001, location


@case("weather.current.rejects-bad-names", points=1, reason="What cannot be a name is not worth a request.")
def test_bad_names(api):
    for path in (CURRENT, FORECAST):
        for bad in ("", "   ", "\n", "x" * 101, "\u00e9" * 101, "\U0001f680" * 101, "a\x00b", "a\nb"):
            assert_invalid(api.get(path, params={"city": bad}), "city", bad)


@case(
    "weather.current.takes-names-of-100-characters",
    points=1,
    reason="Characters are counted, not the bytes or the halves that they are stored in.",
)
def test_long_names(api):
    for good in ("x" * 100, "\u00e9" * 100, "\U0001f680" * 100, f"  {'y' * 100}  "):
        assert ask(api, {"city": good})["location"]["name"]


@case("weather.current.unknown-place-is-404", points=1, reason="No place of that name: not an error of the provider.")
def test_unknown(api):
    for path in (CURRENT, FORECAST):
        assert_problem(api.get(path, params={"city": "Nowhere at all"}), 404)


@case("weather.current.is-open-to-all", points=1, reason="The weather is nobody's secret.")
def test_open(client):
    stranger = client(headers={"Authorization": "Bearer nonsense", "Cookie": "session=nonsense"})
    for path, params in ((CURRENT, {"city": "Berlin"}), (FORECAST, {"city": "Berlin"}), (LOCATIONS, {"q": "Berlin"})):
        assert stranger.get(path, params=params).status_code == 200, path


CONDITIONS = {
    "clear": (0, 1),
    "partly-cloudy": (2,),
    "cloudy": (3,),
    "fog": (45, 48),
    "drizzle": (51, 53, 55, 56, 57),
    "rain": (61, 63, 65, 66, 67, 80, 81, 82),
    "snow": (71, 73, 75, 77, 85, 86),
    "thunderstorm": (95, 96, 99),
    "unknown": (4, 42, 100, -1),
}


@case(
    "weather.current.has-one-word-for-each-code",
    points=2,
    reason="Clients know nine words, not the tables of each provider; a new code is no reason to fail.",
    needs=PROCESS,
)
def test_conditions(upstream, variant):
    sky, visitor = calm(upstream, variant)
    for condition, codes in CONDITIONS.items():
        for code in codes:
            weather = ask(visitor, sky.place(wmo=code).by_coordinates)
            assert weather["condition"] == condition, f"WMO code {code}"


@case(
    "weather.city.reaches-the-provider-as-one-value",
    points=3,
    reason="A name that is pasted into a URL can add parameters, or lead to another path.",
    needs=PROCESS,
)
def test_encoding(upstream, variant):
    sky, visitor = calm(upstream, variant)
    for hostile in (
        "a&count=1&name=b",
        "a#b",
        "../../v1/forecast?x",
        "100%",
        "%2e%2e%2f",
        "a+b",
        "S\u00e3o Jos\u00e9 dos Pinhais",
        "\u6771\u4eac",
        "\U0001f680 base",
        "a;b=c",
        "' OR '1'='1",
        "http://127.0.0.1:1/",
    ):
        place = sky.place(hostile)
        ask(visitor, place.by_name)
        requests = sky.asked(place, "places")
        assert len(requests) == 1, f"{hostile!r} did not arrive as it is"
        assert requests[0].query["name"] == [place.name]
        assert requests[0].path == "/v1/search"


# Forecast


@case("weather.forecast.answers-seven-days", points=2, reason="A week is what people plan.", needs=PROCESS)
def test_week(upstream, variant):
    sky, visitor = calm(upstream, variant)
    days = tuple(Day(-2.26 + day, 5.04 + day, 0.26 * day, (0, 2, 3, 45, 53, 63, 95)[day], 800) for day in range(7))
    place = sky.place(days=days)
    forecast = ask(visitor, place.by_name, FORECAST)
    assert_members(forecast, {"location", "source", "stale", "days"})
    assert forecast["location"] == {"name": place.name, "country": "Standland", "lat": place.lat, "lon": place.lon}
    assert (forecast["source"], forecast["stale"]) == ("open-meteo", False)
    assert len(forecast["days"]) == 7
    for day in forecast["days"]:
        assert_members(day, DAY)
    assert [day["minC"] for day in forecast["days"]] == [-2.3, -1.3, -0.3, 0.7, 1.7, 2.7, 3.7]
    assert [day["maxC"] for day in forecast["days"]] == [5, 6, 7, 8, 9, 10, 11]
    assert [day["precipitationMm"] for day in forecast["days"]] == [0, 0.3, 0.5, 0.8, 1, 1.3, 1.6]
    words = ["clear", "partly-cloudy", "cloudy", "fog", "drizzle", "rain", "thunderstorm"]
    assert [day["condition"] for day in forecast["days"]] == words


@case(
    "weather.forecast.days-follow-each-other", points=1, reason="The first is today, where the place is.", needs=PROCESS
)
def test_dates(upstream, variant):
    sky, visitor = calm(upstream, variant)
    for _ in range(3):
        place = sky.place()
        dates = [date.fromisoformat(day["date"]) for day in ask(visitor, place.by_coordinates, FORECAST)["days"]]
        assert dates == [dates[0] + timedelta(days=day) for day in range(7)]
        there = time.gmtime(sky.weather(place).at + round(place.lon / 15) * 3600)
        assert (dates[0].year, dates[0].month, dates[0].day) == there[:3]


@case("weather.forecast.has-as-many-days-as-asked", points=1, reason="A widget shows three days.")
def test_days(api):
    week = ask(api, {"city": "Paris"}, FORECAST)["days"]
    for days in range(1, 8):
        assert ask(api, {"city": "Paris", "days": str(days)}, FORECAST)["days"] == week[:days]


@case("weather.forecast.days-are-1-to-7", points=1, reason="Nobody knows the weather of the next month.")
def test_days_limit(api):
    for bad in ("0", "8", "-1", "x", "", "1.5", "1e1", "10000000000000000000000"):
        assert_invalid(api.get(FORECAST, params={"city": "Berlin", "days": bad}), "days", bad)


# Places


@case("locations.list.finds-places-of-a-name", points=2, reason="There are many towns of one name.", needs=PROCESS)
def test_places(upstream, variant):
    sky, visitor = calm(upstream, variant)
    place = sky.place()
    answered = ask(visitor, {"q": f" {place.name} "}, LOCATIONS)
    assert_members(answered, {"items"})
    first, second = answered["items"]
    assert first == {
        "name": place.name,
        "region": "Stand-in",
        "country": "Standland",
        "lat": place.lat,
        "lon": place.lon,
    }
    assert (second["name"], second["region"], second["country"]) == (place.name, None, None)


@case("locations.list.coordinates-have-two-decimals", points=1, reason="They are those that the weather is kept by.")
def test_decimals(api):
    first = ask(api, {"q": "Berlin"}, LOCATIONS)["items"][0]
    assert (first["lat"], first["lon"]) == (52.52, 13.41)
    assert ask(api, {"city": "Berlin"})["location"]["lat"] == 52.52


@case("locations.list.empty-when-nothing-matches", points=1, reason="A search that finds nothing has worked.")
def test_no_places(api):
    response = api.get(LOCATIONS, params={"q": "Nowhere in the world"})
    assert response.status_code == 200, response.text
    assert response.json() == {"items": []}


@case("locations.list.rejects-bad-names", points=1, reason="What cannot be a name is not worth a request.")
def test_bad_search(api):
    assert_invalid(api.get(LOCATIONS), "q")
    for bad in ("", "  ", "x" * 101, "a\x00b"):
        assert_invalid(api.get(LOCATIONS, params={"q": bad}), "q", bad)
