"""Favourite places: whose they are, that each is there once, and their weather."""

import random
import secrets
import time

from people import AUTH
from resources import BAD_CURSORS, BAD_LIMITS, JUNK_QUERIES, MALFORMED_IDS, UNKNOWN_IDS, ids, pages_of
from sky import CURRENT, LOCATION, WEATHER, settings, sky_of
from wire import assert_invalid, assert_members, assert_problem, at_once, instant, json_request, volley

from generator.contract import case
from generator.services.upstream import Reply

FAVORITES = "/api/v1/favorites"
ACCOUNTS = ("jwt", "session")
PROCESS = ("process",)


def anywhere():
    """Coordinates that no other favourite has."""
    return {"lat": random.randrange(-9000, 9000) / 100, "lon": random.randrange(-18000, 18000) / 100}


def add(client, **place):
    """Add a favourite and return it as answered."""
    response = client.post(FAVORITES, json=place or anywhere())
    assert response.status_code == 201, f"{place}: {response.status_code} {response.text[:300]}"
    return response.json()


def path(favorite):
    """The path of a favourite."""
    return f"{FAVORITES}/{favorite['id']}"


@case(
    "favorites.none.without-accounts-there-are-none",
    points=1,
    reason="Favourites belong to users: without accounts they would be everybody's.",
    auth=("none",),
)
def test_none(api):
    for method in ("GET", "POST"):
        assert_problem(api.request(method, FAVORITES, json={"city": "Berlin"}), 404)
    assert_problem(api.get(f"{FAVORITES}/weather"), 404)


@case("favorites.create.by-city", points=2, reason="The city is looked up once, when it is added.", auth=ACCOUNTS)
def test_city(as_user):
    ann, name = as_user("ann"), f"Town {secrets.token_hex(5)}"
    response = ann.post(FAVORITES, json={"city": f" {name} "})
    assert response.status_code == 201, response.text
    favorite = response.json()
    assert_members(favorite, {"id", "location", "createdAt"})
    assert_members(favorite["location"], LOCATION)
    assert favorite["location"] == ann.get(CURRENT, params={"city": name}).json()["location"]
    assert favorite["location"]["name"] == name
    instant(favorite["createdAt"])
    assert response.headers["location"] in (path(favorite), f"{ann.target.public_url}{path(favorite)}")
    assert ann.get(path(favorite)).json() == favorite


@case(
    "favorites.create.by-coordinates-asks-nobody",
    points=2,
    reason="What is known need not be asked for, and cannot fail.",
    auth=ACCOUNTS,
    needs=PROCESS,
)
def test_coordinates(upstream, variant):
    sky = sky_of(upstream)
    ann = variant(settings(sky)).as_user("ann")
    place, before = sky.place(), len(sky.requests())
    favorite = add(ann, lat=place.lat + 0.003, lon=place.lon - 0.003)
    assert favorite["location"] == {"name": None, "country": None, "lat": place.lat, "lon": place.lon}
    assert len(sky.requests()) == before


@case(
    "favorites.create.twice-is-409",
    points=2,
    reason="One place, one favourite, however it is named; and each user has their own.",
    auth=ACCOUNTS,
    needs=("users",),
)
def test_twice(as_user):
    ann, bob = as_user("ann"), as_user("bob")
    name = f"Town {secrets.token_hex(5)}"
    favorite = add(ann, city=name)
    lat, lon = favorite["location"]["lat"], favorite["location"]["lon"]
    for same in (
        {"city": name},
        {"city": f" {name.upper()} "},
        {"lat": lat, "lon": lon},
        {"lat": lat + 0.001, "lon": lon},
    ):
        assert_problem(ann.post(FAVORITES, json=same), 409, what=same)
    assert add(bob, city=name)["location"] == favorite["location"]
    assert ids(ann.get(FAVORITES).json()["items"]) == [favorite["id"]]
    assert ann.delete(path(favorite)).status_code == 204
    assert add(ann, city=name)["id"] != favorite["id"]


@case(
    "favorites.create.race-makes-one",
    points=3,
    reason="Between the look and the write another request adds it: only the database can tell.",
    auth=ACCOUNTS,
    needs=("users",),
    race=True,
)
def test_race(as_user, server):
    ann, place = as_user("ann"), anywhere()
    answers = volley(server.url, [json_request("POST", FAVORITES, ann, place)] * 50)
    statuses = sorted(status for status, _ in answers)
    assert statuses == [201] + [409] * 49, statuses
    assert len(ann.get(FAVORITES).json()["items"]) == 1


@case("favorites.create.takes-one-place", points=1, reason="Of two places, only one can be meant.", auth=ACCOUNTS)
def test_one_place(as_user):
    ann = as_user("ann")
    for body in (
        {},
        {"city": "Berlin", "lat": 1.5, "lon": 2.5},
        {"city": "Berlin", "lat": 1.5},
        {"lat": 1.5},
        {"lon": 2.5},
    ):
        assert_problem(ann.post(FAVORITES, json=body), 422, what=body)


@case("favorites.create.rejects-bad-places", points=1, reason="A place is stored for long.", auth=ACCOUNTS)
def test_bad(as_user):
    ann = as_user("ann")
    for body, field in (
        ({"city": ""}, "city"),
        ({"city": "  "}, "city"),
        ({"city": "x" * 101}, "city"),
        ({"city": "a\nb"}, "city"),
        ({"city": 5}, "city"),
        ({"city": ["Berlin"]}, "city"),
        ({"lat": 90.5, "lon": 0}, "lat"),
        ({"lat": 0, "lon": -180.5}, "lon"),
        ({"lat": "1", "lon": 0}, "lat"),
        ({"lat": 0, "lon": True}, "lon"),
        ({"lat": {"$gt": 0}, "lon": 0}, "lat"),
        ({"city": "Berlin", "ownerId": "x"}, "ownerId"),
        ({"lat": 1, "lon": 2, "name": "mine"}, "name"),
    ):
        assert_invalid(ann.post(FAVORITES, json=body), field, body)


@case("favorites.create.unknown-city-is-404", points=1, reason="There is nothing to remember.", auth=ACCOUNTS)
def test_unknown(as_user):
    ann = as_user("ann", own=True)
    assert_problem(ann.post(FAVORITES, json={"city": "Nowhere"}), 404)
    assert ann.get(FAVORITES).json()["items"] == []


@case(
    "favorites.create.failing-search-is-503",
    points=2,
    reason="Half a favourite, without its place, would be worse than none.",
    auth=ACCOUNTS,
    needs=PROCESS,
)
def test_failing(upstream, variant):
    sky = sky_of(upstream)
    ann = variant(settings(sky)).as_user("ann")
    place = sky.place()
    sky.always(place, Reply(500))
    assert_problem(ann.post(FAVORITES, json={"city": place.name}), 503)
    assert all(one["location"]["name"] != place.name for one in ann.get(FAVORITES).json()["items"])
    sky.always(place, None)
    assert add(ann, city=place.name)


@case("favorites.list.newest-first-in-pages", points=2, reason="Each is seen once.", auth=ACCOUNTS, needs=("users",))
def test_pages(as_user):
    ann = as_user("ann")
    made = [add(ann) for _ in range(7)]
    made.reverse()
    whole = ann.get(FAVORITES).json()
    assert whole == {"items": made, "nextCursor": None}
    for limit in (1, 3, 7, 100):
        pages = list(pages_of(ann, FAVORITES, limit=limit))
        assert [one for page in pages for one in page] == made, f"limit {limit}"
        assert all(len(page) <= limit for page in pages)


@case(
    "favorites.list.does-not-move",
    points=1,
    reason="What is added or deleted meanwhile must not repeat or hide others.",
    auth=ACCOUNTS,
    needs=("users",),
)
def test_moving(as_user):
    ann = as_user("ann")
    made = [add(ann) for _ in range(6)][::-1]
    seen = []
    for page in pages_of(ann, FAVORITES, limit=2):
        seen += ids(page)
        add(ann)
        ann.delete(path(page[-1]))
    assert seen == ids(made)


@case("favorites.list.rejects-bad-pages", points=1, reason="A cursor is input like any other.", auth=ACCOUNTS)
def test_bad_pages(as_user):
    ann = as_user("ann")
    for limit in BAD_LIMITS:
        assert_invalid(ann.get(FAVORITES, params={"limit": limit}), "limit", limit)
    for cursor in BAD_CURSORS:
        assert_invalid(ann.get(FAVORITES, params={"cursor": cursor}), "cursor", cursor[:40])
    for query in JUNK_QUERIES:
        assert ann.get(f"{FAVORITES}?{query}").status_code in (200, 400, 422), query


@case("favorites.delete.takes-it-away", points=1, reason="Gone is gone, and twice is 404.", auth=ACCOUNTS)
def test_delete(as_user):
    ann = as_user("ann")
    favorite, other = add(ann), add(ann)
    response = ann.delete(path(favorite))
    assert (response.status_code, response.content) == (204, b"")
    assert_problem(ann.get(path(favorite)), 404)
    assert_problem(ann.delete(path(favorite)), 404)
    assert ann.get(path(other)).json() == other


@case("favorites.read.unknown-is-404", points=1, reason="An id that cannot exist names nothing.", auth=ACCOUNTS)
def test_unknown_ids(as_user):
    ann = as_user("ann")
    for unknown in (*UNKNOWN_IDS, *MALFORMED_IDS):
        for method in ("GET", "DELETE"):
            response = ann.request(method, f"{FAVORITES}/{unknown}")
            assert_problem(response, 404, what=f"{method} {unknown[:40]}")


@case(
    "favorites.owner.others-are-404",
    points=3,
    reason="403 would tell that the id exists; 200 would give it away.",
    auth=ACCOUNTS,
    needs=("users",),
)
def test_others(as_user):
    ann, bob = as_user("ann"), as_user("bob")
    favorite = add(ann)
    assert_problem(bob.get(path(favorite)), 404)
    assert_problem(bob.delete(path(favorite)), 404)
    assert bob.get(FAVORITES).json()["items"] == []
    assert bob.get(f"{FAVORITES}/weather").json() == {"items": []}
    cursor = [add(ann) for _ in range(2)] and ann.get(FAVORITES, params={"limit": 1}).json()["nextCursor"]
    assert bob.get(FAVORITES, params={"cursor": cursor}).json().get("items", []) == []
    assert ann.get(path(favorite)).json() == favorite


@case("favorites.owner.strangers-are-401", points=2, reason="No route may be left without its guard.", auth=ACCOUNTS)
def test_strangers(as_user, client):
    favorite = add(as_user("ann"))
    stranger = client()
    stranger.csrf()
    assert_problem(stranger.post(FAVORITES, json={"city": "Berlin"}), 401)
    assert_problem(stranger.post(FAVORITES, json={}), 401)
    for route in (FAVORITES, f"{FAVORITES}/weather", path(favorite)):
        assert_problem(stranger.get(route), 401, what=route)
    assert_problem(stranger.delete(path(favorite)), 401)


@case(
    "favorites.owner.account-deletion-erases-them",
    points=3,
    reason="Where somebody lives is theirs to take along; and nobody else's goes with it.",
    auth=ACCOUNTS,
    needs=("process", "contents", "users"),
)
def test_erasure(as_user, contents):
    ann, bob = as_user("ann"), as_user("bob")
    word = secrets.token_hex(8)
    kept = add(ann)
    owner = bob.get(f"{AUTH}/me").json()["id"]
    add(bob, city=f"Town {word}")
    assert contents.holding(word), "the database cannot be read"
    response = bob.request("DELETE", f"{AUTH}/me", json={"password": bob.account.password})
    assert response.status_code == 204, response.text
    left = contents.holding(word, owner, owner.replace("-", ""))
    assert not left, f"after the deletion the database holds {left[0][:300]}"
    assert ann.get(path(kept)).json() == kept


# Their weather


def together(upstream, variant, count, **more):
    """The sky, a user of a server that asks it, and places that are their favourites, the newest first."""
    sky = sky_of(upstream)
    ann = variant(settings(sky, **more)).as_user("ann", own=True)
    places = [sky.place(temperature=float(number)) for number in range(count)]
    for place in places:
        add(ann, lat=place.lat, lon=place.lon)
    return sky, ann, places[::-1]


@case(
    "favorites.weather.answers-for-each",
    points=2,
    reason="One request for the start page.",
    auth=ACCOUNTS,
    needs=PROCESS,
)
def test_weather(upstream, variant):
    sky, ann, _ = together(upstream, variant, 3)
    named = sky.place(temperature=-7.5)
    add(ann, city=named.name)
    response = ann.get(f"{FAVORITES}/weather")
    assert response.status_code == 200, response.text
    assert_members(response.json(), {"items"})
    items = response.json()["items"]
    assert [item["favorite"] for item in items] == ann.get(FAVORITES).json()["items"]
    for item in items:
        assert_members(item, {"favorite", "weather", "error"})
        assert_members(item["weather"], WEATHER)
        assert item["error"] is None
        assert item["weather"]["location"] == item["favorite"]["location"]
    assert [item["weather"]["temperatureC"] for item in items] == [-7.5, 2, 1, 0]
    assert len(sky.asked(named, "places")) == 1, "where it is, is stored"


@case("favorites.weather.of-none-is-empty", points=1, reason="Nothing is no error.", auth=ACCOUNTS, needs=PROCESS)
def test_no_weather(upstream, variant):
    _, ann, _ = together(upstream, variant, 0)
    assert ann.get(f"{FAVORITES}/weather").json() == {"items": []}


@case(
    "favorites.weather.is-fetched-concurrently",
    points=3,
    reason="Ten places one after the other take ten times as long.",
    auth=ACCOUNTS,
    needs=PROCESS,
)
def test_concurrent(upstream, variant):
    sky, ann, places = together(upstream, variant, 10, WEATHER_TIMEOUT_MS="9000")
    for place in places:
        # The first try of each takes a second, and fails so that there is a second one.
        sky.once(place, Reply(503, wait=1.0))
    began = time.monotonic()
    response = ann.get(f"{FAVORITES}/weather", timeout=30)
    took = time.monotonic() - began
    assert all(item["weather"] for item in response.json()["items"]), response.text[:300]
    assert took < 6, f"ten that take a second each took {took:.1f} s"


@case(
    "favorites.weather.one-that-fails-leaves-the-others",
    points=3,
    reason="Nine places that work are no error page.",
    auth=ACCOUNTS,
    needs=PROCESS,
)
def test_one_fails(upstream, variant):
    sky, ann, places = together(upstream, variant, 4)
    sky.always(places[1], Reply(500), "current")
    sky.always(places[2], Reply(wait=20), "current")
    response = ann.get(f"{FAVORITES}/weather", timeout=10)
    assert response.status_code == 200, response.text
    items = response.json()["items"]
    assert [bool(item["weather"]) for item in items] == [True, False, False, True]
    for item in items[1:3]:
        assert_members(item["error"], {"status", "detail"})
        assert item["error"]["status"] == 503
        assert item["error"]["detail"].strip()
        assert item["weather"] is None
    assert [items[0]["weather"]["temperatureC"], items[3]["weather"]["temperatureC"]] == [3, 0]


@case(
    "favorites.weather.old-is-served-while-it-fails",
    points=1,
    reason="The same weather as of the place alone.",
    auth=ACCOUNTS,
    needs=PROCESS,
)
def test_stale(upstream, variant):
    sky, ann, places = together(upstream, variant, 2, WEATHER_FRESH_SECONDS="1")
    ann.get(f"{FAVORITES}/weather")
    sky.always(places[0], Reply(500), "current")
    time.sleep(1.3)
    items = ann.get(f"{FAVORITES}/weather").json()["items"]
    assert [item["weather"]["stale"] for item in items] == [True, False]


@case(
    "favorites.weather.is-of-fifty-at-most",
    points=1,
    reason="One request must not set off thousands.",
    auth=ACCOUNTS,
    needs=PROCESS,
)
def test_fifty(upstream, variant):
    sky = sky_of(upstream)
    ann = variant(settings(sky)).as_user("ann", own=True)
    made = at_once(4, lambda number: [add(ann) for _ in range(13)])
    assert sum(map(len, made)) == 52
    newest = ids(ann.get(FAVORITES, params={"limit": 50}).json()["items"])
    assert ids(item["favorite"] for item in ann.get(f"{FAVORITES}/weather", timeout=15).json()["items"]) == newest
