"""What is asked of the provider, and what is not: the cache, its age, and many who ask at once."""

import socket
import time
from urllib.parse import urlencode, urlsplit

from sky import CURRENT, FORECAST, LOCATIONS, age_of, ask, brief, calm, grow_old, settings, sky_of
from wire import assert_problem, at_once, request_bytes, volley

from generator.contract import case
from generator.services.upstream import Reply

PROCESS = ("process",)


@case("weather.cache.second-answer-asks-nobody", points=2, reason="The provider counts requests.", needs=PROCESS)
def test_cached(upstream, variant):
    sky, visitor = calm(upstream, variant)
    place = sky.place()
    for path in (CURRENT, FORECAST):
        first = ask(visitor, place.by_name, path)
        sky.change(place, temperature=-40.0, days=())
        assert ask(visitor, place.by_name, path) == first
        assert ask(visitor, place.by_coordinates, path)["location"]["name"] is None
        sky.change(place, temperature=1.0, days=sky.weather(sky.place()).days)
    assert [len(sky.asked(place, kind)) for kind in ("places", "current", "forecast")] == [1, 1, 1]


@case(
    "weather.cache.answers-carry-their-age", points=2, reason="Age says how old it is (RFC 9111, 5.1).", needs=PROCESS
)
def test_age(upstream, variant):
    sky, visitor = calm(upstream, variant)
    place = sky.place()
    for path, params in ((CURRENT, place.by_name), (FORECAST, place.by_name), (LOCATIONS, {"q": place.name})):
        began = time.monotonic()
        first = visitor.get(path, params=params)
        if path != LOCATIONS:
            assert age_of(first) in (None, 0)
        time.sleep(2.1)
        age = age_of(visitor.get(path, params=params))
        assert age is not None, f"{path}: no Age on an answer from the cache"
        assert 2 <= age <= 6 + time.monotonic() - began, f"{path}: Age is {age}"


@case(
    "weather.cache.names-are-trimmed-and-folded",
    points=1,
    reason="BERLIN and berlin are one city, and one entry.",
    needs=PROCESS,
)
def test_folded(upstream, variant):
    sky, visitor = calm(upstream, variant)
    place = sky.place("Äpfel Żółć")
    for name in (place.name, place.name.upper(), place.name.lower(), f"  {place.name}\t"):
        assert ask(visitor, {"city": name})["location"]["lat"] == place.lat
        assert ask(visitor, {"q": name}, LOCATIONS)["items"]
    assert len(sky.asked(place, "places")) == 1


@case(
    "weather.cache.coordinates-are-rounded",
    points=2,
    reason="Each phone sends other digits; two decimals are a kilometre.",
    needs=PROCESS,
)
def test_rounded(upstream, variant):
    sky, visitor = calm(upstream, variant)
    place = sky.place()
    for offset in (0, 0.004, -0.004, 0.0001234):
        params = {"lat": f"{place.lat + offset:.7f}", "lon": f"{place.lon - offset:.7f}"}
        location = ask(visitor, params)["location"]
        assert (location["lat"], location["lon"]) == (place.lat, place.lon)
    assert len(sky.asked(place, "current")) == 1


@case("weather.cache.is-renewed-when-old", points=2, reason="Weather changes.", needs=PROCESS)
def test_renewed(upstream, variant):
    sky, visitor = brief(upstream, variant)
    place = sky.place(temperature=10.0)
    assert ask(visitor, place.by_name)["temperatureC"] == 10
    sky.change(place, temperature=20.0)
    grow_old()
    response = visitor.get(CURRENT, params=place.by_name)
    assert (response.json()["temperatureC"], response.json()["stale"]) == (20, False)
    assert age_of(response) in (None, 0)


@case("weather.cache.places-are-kept-longer", points=1, reason="Cities do not move within the day.", needs=PROCESS)
def test_places_kept(upstream, variant):
    sky, visitor = brief(upstream, variant)
    place = sky.place()
    for _ in range(2):
        ask(visitor, place.by_name)
        ask(visitor, {"q": place.name}, LOCATIONS)
        grow_old()
    assert (len(sky.asked(place, "places")), len(sky.asked(place, "current"))) == (1, 2)


@case(
    "weather.cache.unknown-places-are-remembered",
    points=2,
    reason="A typing error in a popular page would be asked for with every visit.",
    needs=PROCESS,
)
def test_negative(upstream, variant):
    for server, often in ((calm, False), (brief, True)):
        sky, visitor = server(upstream, variant)
        place = sky.place("Nowhere")
        for _ in range(2):
            assert_problem(visitor.get(CURRENT, params=place.by_name), 404)
            assert ask(visitor, {"q": place.name}, LOCATIONS) == {"items": []}
            grow_old()
        assert (len(sky.asked(place, "places")) > 1) == often, "fresh for 600 s, or for one"


@case(
    "weather.cache.days-share-one-request",
    points=1,
    reason="Seven entries of one forecast would be asked for seven times.",
    needs=PROCESS,
)
def test_days_shared(upstream, variant):
    sky, visitor = calm(upstream, variant)
    place = sky.place()
    for days in ("2", "7", "1"):
        assert len(ask(visitor, {**place.by_name, "days": days}, FORECAST)["days"]) == int(days)
    assert len(sky.asked(place, "forecast")) == 1


@case(
    "weather.cache.may-be-away",
    points=2,
    reason="Without its cache the service is slower, and as right as before.",
    needs=("process", "cache"),
)
def test_cache_away(upstream, boot, cache):
    sky = sky_of(upstream)
    with boot(env=settings(sky)) as server:
        visitor, place = server.client(), sky.place(temperature=5.0)
        cache.stop()
        for _ in range(3):
            assert ask(visitor, place.by_name)["temperatureC"] == 5
        cache.start()


@case(
    "weather.cache.entries-are-the-providers-own",
    points=1,
    reason="After a change of the provider, the old one's answers would go out under its name.",
    needs=("process", "cache"),
)
def test_two_providers(upstream, variant):
    sky, visitor = calm(upstream, variant)
    place = sky.place()
    key = {"WEATHER_PROVIDER": "openweathermap", "WEATHER_API_KEY": "key-of-the-contract"}
    _, other = calm(upstream, variant, **key)
    sources = [ask(who, place.by_name)["source"] for who in (visitor, other, visitor)]
    assert sources == ["open-meteo", "openweathermap", "open-meteo"]


# Single flight


@case(
    "weather.single-flight.100-cold-requests-cost-one",
    points=3,
    reason="When a city makes the news, all ask for it at once.",
    needs=PROCESS,
    race=True,
)
def test_flight(upstream, variant):
    sky = sky_of(upstream)
    server = variant(settings(sky))
    for path, kind in ((CURRENT, "current"), (FORECAST, "forecast")):
        place = sky.place(temperature=12.0)
        request = request_bytes("GET", f"{path}?{urlencode(place.by_name)}")
        answers = volley(server.url, [request] * 100)
        assert [status for status, _ in answers] == [200] * 100
        assert all(body == answers[0][1] for _, body in answers)
        assert (len(sky.asked(place, "places")), len(sky.asked(place, kind))) == (1, 1)


@case(
    "weather.single-flight.failures-are-shared",
    points=2,
    reason="A service that is down does not get up under a hundred requests.",
    needs=PROCESS,
    race=True,
)
def test_failing_flight(upstream, variant):
    sky = sky_of(upstream)
    server = variant(settings(sky, WEATHER_TIMEOUT_MS="10000"))
    place = sky.place()
    sky.always(place, Reply(500, b"oops", wait=4), "current")  # long enough for all to come, on a slow machine, too
    visitors = [server.client() for _ in range(30)]
    answers = at_once(30, lambda number: visitors[number].get(CURRENT, params=place.by_coordinates, timeout=20))
    assert [answer.status_code for answer in answers] == [503] * 30
    assert len(sky.asked(place, "current")) == 1
    sky.always(place, None)
    assert ask(server.client(), place.by_coordinates), "a failure is not remembered"


@case(
    "weather.single-flight.places-do-not-wait-for-each-other",
    points=2,
    reason="One lock for all would make one slow place the speed of all.",
    needs=PROCESS,
)
def test_apart(upstream, variant):
    sky = sky_of(upstream)
    server = variant(settings(sky, WEATHER_TIMEOUT_MS="8000"))
    slow, fast = sky.place(), sky.place()
    sky.always(slow, Reply(500, wait=4), "current")
    visitors = [server.client() for _ in range(2)]

    def look(number):
        began = time.monotonic()
        visitors[number].get(CURRENT, params=(slow, fast)[number].by_coordinates, timeout=10)
        return time.monotonic() - began

    took = at_once(2, look)
    assert took[0] > 3.5
    assert took[1] < 3, f"the other place took {took[1]:.1f} s"


@case(
    "weather.single-flight.one-that-leaves-disturbs-none",
    points=2,
    reason="The first visitor closes the tab, and those who wait with him get an error.",
    needs=PROCESS,
    race=True,
)
def test_leaver(upstream, variant):
    sky = sky_of(upstream)
    server = variant(settings(sky, WEATHER_TIMEOUT_MS="8000"))
    place = sky.place(temperature=3.0)
    sky.once(place, Reply(502, wait=1.5), kind="current")
    where = urlsplit(server.url)
    leaver = socket.create_connection((where.hostname, where.port), timeout=5)
    leaver.sendall(request_bytes("GET", f"{CURRENT}?{urlencode(place.by_coordinates)}"))
    time.sleep(0.4)
    visitors = [server.client() for _ in range(5)]

    def look(number):
        if number == 5:
            time.sleep(0.4)
            return leaver.close()
        return ask(visitors[number], place.by_coordinates)["temperatureC"]

    assert at_once(6, look)[:5] == [3] * 5
    assert len(sky.asked(place, "current")) == 2, "one flight, and its retry"
