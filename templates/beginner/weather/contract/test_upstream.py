"""A provider that hangs, fails, lies, redirects and floods: never a broken answer, and none after three seconds."""

import time

import pytest
from sky import CURRENT, FAILURES, FORECAST, LOCATIONS, SLOW, age_of, ask, brief, calm, grow_old, settings, sky_of
from wire import assert_problem, at_once, eventually, once

from generator.contract import case
from generator.services.ports import free_port
from generator.services.upstream import Reply

PROCESS = ("process",)
LIMIT = 3.0  # seconds within which a failing provider is answered for
RETRIED = (502, 503, 504)


def failing(upstream, variant, path=CURRENT, kind="current"):
    """What is answered while the provider fails in each way, and how long it took, by the name of the failure.

    Nothing is stored of these places. All are asked for at the same time, so the slow ones cost their time once.
    """

    def play():
        sky = sky_of(upstream)
        server = variant(settings(sky))
        places = {name: sky.place() for name in FAILURES}
        for name, reply in FAILURES.items():
            sky.always(places[name], reply, kind)
        visitors = {name: server.client() for name in FAILURES}

        def look(name):
            began = time.monotonic()
            params = {"q": places[name].name} if path == LOCATIONS else places[name].by_name
            response = visitors[name].get(path, params=params, timeout=10)
            return response, time.monotonic() - began, len(sky.asked(places[name], kind))

        # The quick ones one after the other: together they would wait for each other on a machine with few cores.
        seen = {name: look(name) for name in FAILURES if name not in SLOW}
        return seen | dict(zip(SLOW, at_once(len(SLOW), lambda number: look(SLOW[number])), strict=True))

    return once(f"failing {kind}", play)


def assert_unavailable(seen):
    """Each is a 503 in time."""
    for name, (response, seconds, _) in seen.items():
        assert_problem(response, 503, what=name)
        assert seconds <= LIMIT, f"{name}: {seconds:.1f} s"


@case(
    "upstream.failure.is-503-within-3-s",
    points=3,
    reason="Whatever the provider does, the visitor gets an answer, and soon.",
    needs=PROCESS,
)
def test_current(upstream, variant):
    assert_unavailable(failing(upstream, variant))


@case(
    "upstream.failure.of-a-forecast-is-503",
    points=2,
    reason="Each kind of call has its own ways to fail.",
    needs=PROCESS,
)
def test_forecast(upstream, variant):
    assert_unavailable(failing(upstream, variant, FORECAST, "forecast"))


@case(
    "upstream.failure.of-a-search-is-503",
    points=2,
    reason="404 or an empty list would say that there is no such place.",
    needs=PROCESS,
)
def test_search(upstream, variant):
    assert_unavailable(failing(upstream, variant, LOCATIONS, "places"))


@case(
    "upstream.failure.of-the-first-of-two-calls-is-503",
    points=1,
    reason="Who cannot find the place must not say that there is none.",
    needs=PROCESS,
)
def test_geocoding(upstream, variant):
    sky, visitor = calm(upstream, variant)
    for path in (CURRENT, FORECAST):
        place = sky.place()
        sky.always(place, Reply(500), "places")
        assert_problem(visitor.get(path, params=place.by_name), 503)
        assert ask(visitor, place.by_coordinates, path), "who gives coordinates needs no search"


@case(
    "upstream.failure.tells-no-internals",
    points=2,
    reason="The provider's error page, its address and our code are nothing for visitors.",
    needs=PROCESS,
)
def test_internals(upstream, variant):
    words = ("oops", "maintenance", "127.0.0.1", "v1/", "latitude", "econn", "fetch", "httpx", "undici", "traceback")
    for name, (response, _, _) in failing(upstream, variant).items():
        for word in words:
            assert word not in response.text.lower(), f"{name} tells {word}: {response.text}"


@case("upstream.failure.is-not-remembered", points=1, reason="The next visitor may have more luck.", needs=PROCESS)
def test_again(upstream, variant):
    sky, visitor = calm(upstream, variant)
    for kind in ("places", "current"):
        place = sky.place(temperature=7.0)
        sky.once(place, Reply(500), kind=kind)
        assert_problem(visitor.get(CURRENT, params=place.by_name), 503)
        assert ask(visitor, place.by_name)["temperatureC"] == 7


def seen_with(sky, visitor, **wrong):
    """The answer for a place of which the provider says what it should, but for this."""
    place = sky.place()
    document = {
        "time": wrong.get("at", 1_790_000_000),
        "temperature_2m": wrong.get("temperature", 20.5),
        "apparent_temperature": wrong.get("feels_like", 19.5),
        "relative_humidity_2m": wrong.get("humidity", 50),
        "wind_speed_10m": wrong.get("wind", 9.5),
        "weather_code": wrong.get("wmo", 3),
    }
    sky.always(place, Reply.json({"utc_offset_seconds": 0, "current": document}), "current")
    return visitor.get(CURRENT, params=place.by_coordinates)


WRONG = {
    "text for a temperature": {"temperature": "warm"},
    "a temperature in quotes": {"temperature": "21.5"},
    "no temperature": {"temperature": None},
    "a list for the humidity": {"humidity": [50]},
    "an object for the wind": {"wind": {"speed": 3}},
    "text for the code": {"wmo": "sunny"},
    "no code": {"wmo": None},
    "text for the time": {"at": "yesterday"},
    "a time without end": {"at": 10**18},
    "a time before all": {"at": -(10**18)},
    "true for a number": {"feels_like": True},
}


@case(
    "upstream.lies.wrong-types-are-503",
    points=3,
    reason="A null or a text passed on breaks every client, far from where it came from.",
    needs=PROCESS,
)
def test_wrong_types(upstream, variant):
    sky, visitor = calm(upstream, variant)
    for name, wrong in WRONG.items():
        assert_problem(seen_with(sky, visitor, **wrong), 503, what=name)


@case(
    "upstream.lies.impossible-values-are-503",
    points=2,
    reason="Nowhere on Earth are there 9,999 degrees: a number can be a lie as much as a text.",
    needs=PROCESS,
)
def test_impossible(upstream, variant):
    sky, visitor = calm(upstream, variant)
    for wrong in (
        {"temperature": 9999},
        {"temperature": -400},
        {"feels_like": 9999},
        {"humidity": 500},
        {"humidity": -1},
        {"wind": -3},
    ):
        assert_problem(seen_with(sky, visitor, **wrong), 503, what=wrong)


@case(
    "upstream.lies.wrong-forecasts-are-503",
    points=2,
    reason="Four lists that belong together may be of different lengths.",
    needs=PROCESS,
)
def test_wrong_forecasts(upstream, variant):
    sky, visitor = calm(upstream, variant)
    good = {
        "time": [f"2030-01-0{day}" for day in range(1, 8)],
        "weather_code": [0] * 7,
        "temperature_2m_max": [9.5] * 7,
        "temperature_2m_min": [1.5] * 7,
        "precipitation_sum": [0.5] * 7,
    }
    wrongs = [
        {"time": ["2030-01-01"]},
        {"time": ["soon"] * 7},
        {"time": [None] * 7},
        {"weather_code": []},
        {"weather_code": None},
        {"temperature_2m_max": [9.5] * 6},
        {"temperature_2m_min": [1.5] * 6 + [None]},
        {"temperature_2m_min": [1.5] * 6 + ["1.5"]},
        {"precipitation_sum": "much"},
    ]
    for wrong in wrongs:
        place = sky.place()
        sky.always(place, Reply.json({"utc_offset_seconds": 0, "daily": {**good, **wrong}}), "forecast")
        assert_problem(visitor.get(FORECAST, params=place.by_coordinates), 503, what=wrong)
    place = sky.place()
    sky.always(place, Reply.json({"utc_offset_seconds": 0, "daily": good}), "forecast")
    assert len(ask(visitor, place.by_coordinates, FORECAST)["days"]) == 7


@case(
    "upstream.lies.wrong-places-are-503",
    points=1,
    reason="A place at latitude 1000 would be asked for the weather.",
    needs=PROCESS,
)
def test_wrong_places(upstream, variant):
    sky, visitor = calm(upstream, variant)
    good = {"name": "X", "latitude": 1.5, "longitude": 2.5, "country": "Y", "admin1": "Z"}
    for wrong in (
        {"latitude": 1000},
        {"longitude": "2.5"},
        {"latitude": None},
        {"name": 5},
        {"name": None},
        {"country": 7},
    ):
        place = sky.place()
        sky.always(place, Reply.json({"results": [{**good, **wrong}]}), "places")
        assert_problem(visitor.get(LOCATIONS, params={"q": place.name}), 503, what=wrong)


@case(
    "upstream.flood.is-cut-off",
    points=3,
    reason="A body without an end fills the memory; its length need not be declared.",
    needs=PROCESS,
)
def test_flood(upstream, variant):
    sky, visitor = calm(upstream, variant, WEATHER_TIMEOUT_MS="8000")  # it is the size that ends it, not the time
    place = sky.place()
    sky.always(place, Reply(200, b"[", {"Content-Type": "application/json"}, flood=512 * 1024 * 1024), "current")
    before = sky.sent
    assert_problem(visitor.get(CURRENT, params=place.by_coordinates, timeout=15), 503)
    time.sleep(0.3)
    # What the sockets on both sides hold is sent as well, and read by nobody.
    assert sky.sent - before < 64 * 1024 * 1024, f"{(sky.sent - before) >> 20} MiB were taken, the limit is 1 MiB"


@case("upstream.flood.limit-is-a-setting", points=1, reason="WEATHER_MAX_BODY_BYTES.", needs=PROCESS)
def test_limit(upstream, variant):
    sky, visitor = calm(upstream, variant, WEATHER_MAX_BODY_BYTES="3000")
    for size, status in ((2900, 200), (3200, 503)):
        place = sky.place()
        now = {"time": 1_790_000_000, "temperature_2m": 1.5, "apparent_temperature": 1.5, "relative_humidity_2m": 50}
        now |= {"wind_speed_10m": 1.5, "weather_code": 3}
        padding = "x" * (size - len(Reply.json({"current": now, "padding": "", "utc_offset_seconds": 0}).body))
        document = {"current": now, "padding": padding, "utc_offset_seconds": 0}
        assert len(Reply.json(document).body) == size
        sky.always(place, Reply.json(document), "current")
        response = visitor.get(CURRENT, params=place.by_coordinates)
        assert response.status_code == status, f"{size} bytes: {response.status_code} {response.text[:200]}"


@case(
    "upstream.redirects.are-not-followed",
    points=3,
    reason="A redirect can lead into the own network, and carry the key to another host.",
    needs=PROCESS,
)
def test_redirects(upstream, variant):
    sky, visitor = calm(upstream, variant)
    lure = upstream(lambda request: Reply.json({"current": {}}))
    for status in (301, 302, 303, 307, 308):
        for kind in ("places", "current"):
            place = sky.place()
            sky.always(place, Reply(status, b"", {"Location": f"{lure.url}/v1/forecast?x=1"}), kind)
            assert_problem(visitor.get(CURRENT, params=place.by_name), 503, what=status)
    assert not lure.requests, f"followed to {lure.requests[0]}"


@case(
    "upstream.refused.is-503",
    points=2,
    reason="Nothing listens: the quickest of all failures.",
    needs=PROCESS,
)
def test_refused(upstream, variant):
    sky = sky_of(upstream)
    nobody = once("nobody", lambda: f"http://127.0.0.1:{free_port()}")
    env = {**settings(sky), "OPEN_METEO_URL": nobody}
    visitor, place = variant(env).client(), sky.place()
    for params in (place.by_name, place.by_coordinates):
        began = time.monotonic()
        assert_problem(visitor.get(CURRENT, params=params), 503)
        assert time.monotonic() - began <= LIMIT
    assert ask(visitor, {"q": place.name}, LOCATIONS)["items"]


@case(
    "upstream.failure.leaves-the-server-ready",
    points=2,
    reason="A server that serves old weather is better than none: the provider is no reason to take it out.",
    needs=PROCESS,
)
def test_ready(upstream, variant):
    sky, visitor = calm(upstream, variant)
    failing(upstream, variant)
    place = sky.place()
    sky.always(place, Reply(500))
    assert_problem(visitor.get(CURRENT, params=place.by_name), 503)
    assert visitor.get("/ready").status_code == visitor.get("/health").status_code == 200


@case(
    "upstream.hang.holds-nobody-else-up",
    points=2,
    reason="A pool of connections or threads that all hang takes the whole service along.",
    needs=PROCESS,
)
def test_crowd(upstream, variant):
    sky = sky_of(upstream)
    server = variant(settings(sky))
    hung, fast = [sky.place() for _ in range(40)], sky.place()
    for place in hung:
        sky.always(place, Reply(wait=20), "current")
    visitors = [server.client() for _ in range(41)]

    def look(number):
        if number == 40:
            time.sleep(0.3)
        params = (fast if number == 40 else hung[number]).by_coordinates
        began = time.monotonic()
        status = visitors[number].get(CURRENT, params=params, timeout=15).status_code
        return status, time.monotonic() - began

    answers = at_once(41, look)
    assert answers[40][0] == 200, "a place that does not hang"
    assert answers[40][1] < 2, f"a place that does not hang took {answers[40][1]:.1f} s"
    assert {status for status, _ in answers[:40]} == {503}
    assert max(seconds for _, seconds in answers) <= 5, "forty at once may take longer, but not for ever"


@case("upstream.time-out.is-a-setting", points=1, reason="WEATHER_TIMEOUT_MS.", needs=PROCESS)
def test_timeout(upstream, variant):
    sky, visitor = calm(upstream, variant, WEATHER_TIMEOUT_MS="8000")
    place = sky.place(temperature=4.0)
    sky.once(place, Reply(503, wait=1.6))
    assert ask(visitor, place.by_coordinates)["temperatureC"] == 4, "1.6 s are not 8"


# One retry


@case(
    "upstream.retry.comes-once-after-a-gateway-s-error",
    points=2,
    reason="While the provider deploys, the second try mostly succeeds.",
    needs=PROCESS,
)
def test_retry(upstream, variant):
    sky, visitor = calm(upstream, variant)
    for status in RETRIED:
        for kind in ("places", "current"):
            place = sky.place(temperature=9.0)
            sky.once(place, Reply(status, b"gateway"), kind=kind)
            assert ask(visitor, place.by_name)["temperatureC"] == 9, f"{status} to a request for {kind}"
            assert len(sky.asked(place, kind)) == 2


@case(
    "upstream.retry.comes-once-only", points=2, reason="Retries multiply: each layer's three are nine.", needs=PROCESS
)
def test_one_retry(upstream, variant):
    sky, visitor = calm(upstream, variant)
    for status in RETRIED:
        place = sky.place()
        sky.always(place, Reply(status, b"gateway"), "current")
        assert_problem(visitor.get(CURRENT, params=place.by_coordinates), 503)
        assert len(sky.asked(place, "current")) == 2, f"after {status}"


@case(
    "upstream.retry.does-not-follow-other-failures",
    points=2,
    reason="Who is asked too often, or has no answer, is not helped by one more request.",
    needs=PROCESS,
)
def test_no_retry(upstream, variant):
    for name, (_, _, asked) in failing(upstream, variant).items():
        if name != "a closed connection":  # may count as a connection that failed
            assert asked == 1, f"{name}: {asked} requests"


# Old weather while it fails


@pytest.mark.parametrize("path", [CURRENT, FORECAST])
@case(
    "stale.answer.stands-in-for-every-failure",
    points=3,
    reason="Weather of an hour ago is worth more than an error page.",
    needs=PROCESS,
)
def test_stale(upstream, variant, path):
    sky, visitor = brief(upstream, variant)
    kind = "current" if path == CURRENT else "forecast"
    places = {name: sky.place() for name in FAILURES}
    fresh = {name: ask(visitor, place.by_name, path) for name, place in places.items()}
    grow_old()
    for name, place in places.items():
        sky.always(place, FAILURES[name], kind)
        began = time.monotonic()
        response = visitor.get(path, params=place.by_name, timeout=10)
        assert response.status_code == 200, f"{name}: {response.status_code} {response.text[:200]}"
        assert response.json() == {**fresh[name], "stale": True}, name
        assert time.monotonic() - began <= LIMIT, name
        age = age_of(response)
        assert age is not None, f"{name}: no Age"
        assert age >= 1, f"{name}: Age is {age}"


@case("stale.answer.tells-its-age", points=1, reason="Old is said, and how old: since the fetch.", needs=PROCESS)
def test_stale_age(upstream, variant):
    sky, visitor = brief(upstream, variant)
    place = sky.place()
    ask(visitor, place.by_coordinates)
    sky.always(place, Reply(500))
    for at_least in (2, 4):
        time.sleep(2.1)
        response = visitor.get(CURRENT, params=place.by_coordinates)
        assert response.json()["stale"] is True
        age = age_of(response)
        assert age is not None
        assert at_least <= age <= at_least + 6


@case("stale.answer.ends-with-the-failure", points=2, reason="The next answer is the provider's again.", needs=PROCESS)
def test_recovered(upstream, variant):
    sky, visitor = brief(upstream, variant)
    place = sky.place(temperature=1.0)
    ask(visitor, place.by_coordinates)
    grow_old()
    sky.always(place, Reply(500))
    assert ask(visitor, place.by_coordinates)["stale"] is True
    sky.always(place, None)
    sky.change(place, temperature=2.0)
    weather = ask(visitor, place.by_coordinates)
    assert (weather["stale"], weather["temperatureC"]) == (False, 2)


@case(
    "stale.answer.is-not-served-for-ever",
    points=2,
    reason="Last week's weather is not weather: WEATHER_STALE_SECONDS from the fetch.",
    needs=PROCESS,
)
def test_too_old(upstream, variant):
    sky, visitor = calm(upstream, variant, WEATHER_FRESH_SECONDS="1", WEATHER_STALE_SECONDS="6")
    place = sky.place()
    ask(visitor, place.by_coordinates)
    began = time.monotonic()
    sky.always(place, Reply(500))
    grow_old(1.5)
    if time.monotonic() - began < 4:
        assert ask(visitor, place.by_coordinates)["stale"] is True

    def gone():
        return visitor.get(CURRENT, params=place.by_coordinates).status_code == 503

    assert eventually(gone, within=12), "still served after 12 s"
    assert time.monotonic() - began > 4.5, "kept for less than its time"


@case(
    "stale.answer.is-the-one-of-that-place",
    points=1,
    reason="The nearest weather is not the right one.",
    needs=PROCESS,
)
def test_others(upstream, variant):
    sky, visitor = brief(upstream, variant)
    known, unknown = sky.place(), sky.place()
    ask(visitor, known.by_coordinates)
    ask(visitor, known.by_coordinates, FORECAST)
    sky.always(unknown, Reply(500), "current", "forecast")
    for path in (CURRENT, FORECAST):
        assert_problem(visitor.get(path, params=unknown.by_coordinates), 503)
