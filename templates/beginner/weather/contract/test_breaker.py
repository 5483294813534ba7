"""A provider that fails again and again is left alone for a while."""

import time

from sky import CURRENT, FORECAST, ask, grow_old, settings, sky_of
from wire import assert_problem, at_once

from generator.contract import case
from generator.services.upstream import Reply

PROCESS = ("process",)
OPEN = 3  # seconds: long enough for a slow machine to do a few requests in


def breaking(upstream, boot, **more):
    """The sky, and a server of this case alone, whose breaker opens after five failures."""
    sky = sky_of(upstream)
    return sky, boot(env=settings(sky, **{"BREAKER_FAILURES": "5", "BREAKER_SECONDS": str(OPEN), **more}))


def trip(sky, visitor, failures=5, path=CURRENT):
    """Fail so many times in a row; the time of the last failure."""
    for _ in range(failures):
        place = sky.place()
        sky.always(place, Reply(500))
        assert_problem(visitor.get(path, params=place.by_coordinates), 503)
        assert sky.asked(place), "the provider was left alone too early"
    return time.monotonic()


def weather_requests(sky):
    """How many requests for weather there were so far."""
    return len([request for request in sky.requests() if request.path == "/v1/forecast"])


@case(
    "breaker.open.asks-nobody",
    points=3,
    reason="While it is down every visitor would wait for the time-out, and keep it down.",
    needs=PROCESS,
)
def test_open(upstream, boot):
    sky, started = breaking(upstream, boot, BREAKER_SECONDS="600")
    with started as server:
        visitor = server.client()
        trip(sky, visitor)
        before = weather_requests(sky)
        for path in (CURRENT, FORECAST):
            place = sky.place()
            for params in (place.by_name, place.by_coordinates):
                assert_problem(visitor.get(path, params=params), 503)
        assert weather_requests(sky) == before, "five failures in a row, and it asks again"
        assert visitor.get("/ready").status_code == 200


@case("breaker.open.answers-at-once", points=1, reason="That is what it is for: nobody waits.", needs=PROCESS)
def test_quick(upstream, boot):
    sky, started = breaking(upstream, boot, BREAKER_SECONDS="600", WEATHER_TIMEOUT_MS="1500")
    with started as server:
        visitor, hung = server.client(), [sky.place() for _ in range(6)]
        for place in hung:
            sky.always(place, Reply(wait=20), "current")
        for place in hung[:5]:
            assert_problem(visitor.get(CURRENT, params=place.by_coordinates), 503)
        began = time.monotonic()
        assert_problem(visitor.get(CURRENT, params=hung[5].by_coordinates), 503)
        assert time.monotonic() - began < 1.4
        assert not sky.asked(hung[5])


@case("breaker.open.serves-what-is-stored", points=2, reason="Old weather needs no provider.", needs=PROCESS)
def test_stale(upstream, boot):
    sky, started = breaking(upstream, boot, WEATHER_FRESH_SECONDS="1", BREAKER_SECONDS="600")
    with started as server:
        visitor, place = server.client(), sky.place(temperature=11.0)
        ask(visitor, place.by_name)
        trip(sky, visitor)
        grow_old()
        weather = ask(visitor, place.by_name)
        assert (weather["stale"], weather["temperatureC"]) == (True, 11)
        assert len(sky.asked(place, "current")) == 1


@case(
    "breaker.closed.counts-failures-in-a-row",
    points=2,
    reason="Four failures a day are no outage; a success between them starts the count again.",
    needs=PROCESS,
)
def test_in_a_row(upstream, boot):
    sky, started = breaking(upstream, boot, BREAKER_SECONDS="600")
    with started as server:
        visitor = server.client()
        for _ in range(3):
            trip(sky, visitor, failures=4)
            assert ask(visitor, sky.place().by_coordinates)


@case(
    "breaker.closed.a-retry-is-no-second-failure",
    points=1,
    reason="One visitor, one failure: or two and a half visitors would open it.",
    needs=PROCESS,
)
def test_retries(upstream, boot):
    sky, started = breaking(upstream, boot, BREAKER_SECONDS="600")
    with started as server:
        visitor = server.client()
        for _ in range(4):
            place = sky.place()
            sky.always(place, Reply(503))
            assert_problem(visitor.get(CURRENT, params=place.by_coordinates), 503)
        assert ask(visitor, sky.place().by_coordinates)


@case(
    "breaker.half-open.lets-one-try",
    points=3,
    reason="All at once would bring down again what is just getting up.",
    needs=PROCESS,
    race=True,
)
def test_one_tries(upstream, boot):
    sky, started = breaking(upstream, boot, WEATHER_TIMEOUT_MS="2500")
    with started as server:
        visitors = [server.client() for _ in range(20)]
        opened = trip(sky, visitors[0])
        places = [sky.place() for _ in visitors]
        for place in places:
            sky.always(place, Reply(500, wait=1.5), "current")
        time.sleep(max(0.0, opened + OPEN + 0.5 - time.monotonic()))
        answers = at_once(20, lambda number: visitors[number].get(CURRENT, params=places[number].by_coordinates))
        assert {answer.status_code for answer in answers} == {503}
        tried = [place for place in places if sky.asked(place)]
        assert len(tried) == 1, f"{len(tried)} of 20 tried"


@case("breaker.half-open.failure-opens-it-again", points=2, reason="It is not up yet: wait again.", needs=PROCESS)
def test_opens_again(upstream, boot):
    sky, started = breaking(upstream, boot)
    with started as server:
        visitor = server.client()
        opened = trip(sky, visitor)
        time.sleep(max(0.0, opened + OPEN + 0.5 - time.monotonic()))
        began = time.monotonic()
        trip(sky, visitor, failures=1)
        other = sky.place()
        response = visitor.get(CURRENT, params=other.by_coordinates)
        if time.monotonic() - began < OPEN:
            assert_problem(response, 503)
            assert not sky.asked(other)


@case("breaker.half-open.success-closes-it", points=3, reason="It is up again: so is everything.", needs=PROCESS)
def test_closes(upstream, boot):
    sky, started = breaking(upstream, boot)
    with started as server:
        visitor = server.client()
        opened = trip(sky, visitor)
        time.sleep(max(0.0, opened + OPEN + 0.5 - time.monotonic()))
        for _ in range(3):
            assert ask(visitor, sky.place().by_coordinates)
            assert ask(visitor, sky.place().by_name, FORECAST)
        trip(sky, visitor, failures=4)
        assert ask(visitor, sky.place().by_coordinates), "it counts from nought again"


@case(
    "breaker.search.has-one-of-its-own",
    points=1,
    reason="The search for places is another service: that it works says nothing about the weather.",
    needs=PROCESS,
)
def test_apart(upstream, boot):
    sky, started = breaking(upstream, boot, BREAKER_SECONDS="600")
    with started as server:
        visitor = server.client()
        for _ in range(5):  # each finds its place, and no weather
            place = sky.place()
            sky.always(place, Reply(500), "current")
            assert_problem(visitor.get(CURRENT, params=place.by_name), 503)
        last = sky.place()
        assert_problem(visitor.get(CURRENT, params=last.by_name), 503)
        assert not sky.asked(last, "current"), "the search that worked has hidden five failures"
        assert len(sky.asked(last, "places")) == 1, "the search is left alone although it works"
