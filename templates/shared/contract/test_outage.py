"""A database that stops, hangs and comes back; the cache's turn is in the ideas that use one."""

import time

import httpx
from people import AUTH, log_in, new_address
from wire import assert_problem, at_once, eventually, once, sample_of

from generator.contract import case

DATABASE = ("database",)
PATIENCE = 8.0  # seconds: longer than a rule allows, so that a late answer is seen as one


def timed(send):
    """An answer and the seconds it took; None for no answer."""
    began = time.monotonic()
    try:
        response = send()
    except httpx.TransportError:
        response = None
    return response, time.monotonic() - began


def requests(client, as_user, openapi):
    """What is asked while the database is away, by name."""
    sample, ann = sample_of(openapi), as_user("ann")
    item = sample.path(sample.make(ann))
    stranger = client()
    stranger.csrf()
    asked = {
        "list": lambda: ann.get(sample.list, timeout=PATIENCE),
        "create": lambda: ann.post(sample.collection, json=sample.body, timeout=PATIENCE),
    }
    if sample.makes_items:
        asked["item"] = lambda: ann.get(item, timeout=PATIENCE)
    if sample.change:
        asked["edit"] = lambda: ann.patch(item, json=sample.change, timeout=PATIENCE)
    if stranger.auth != "none":
        asked["me"] = lambda: ann.get(f"{AUTH}/me", timeout=PATIENCE)
        asked["log-in"] = lambda: log_in(stranger, new_address(), "wrong-password-1", timeout=PATIENCE)
    return asked


def away(client, as_user, openapi, take, give):
    """What the server does while ``take`` has taken the database away, and after ``give``."""
    asked = requests(client, as_user, openapi)
    names = list(asked)
    visitors = {path: client() for path in ("/ready", "/health")}
    take()
    seen = {"away": dict(zip(names, at_once(len(names), lambda number: timed(asked[names[number]])), strict=True))}
    seen["again"] = {name: timed(asked[name]) for name in ("list", "create")}
    seen["crowd"] = at_once(20, lambda _: timed(asked["list"]))
    seen.update({path: timed(lambda path=path: visitors[path].get(path, timeout=PATIENCE)) for path in visitors})
    give()
    began = time.monotonic()
    seen["back"] = eventually(
        lambda: all(
            timed(asked[name])[0] is not None and asked[name]().status_code < 300
            for name in ("list", "create", "edit")
            if name in asked
        ),
        within=10,
    )
    seen["ready again"] = eventually(lambda: visitors["/ready"].get("/ready").status_code == 200, within=10)
    seen["seconds"] = time.monotonic() - began
    return seen


def stopped(database, client, as_user, openapi):
    """The scene of a database that ends and is started again."""
    return once("database stopped", lambda: away(client, as_user, openapi, database.stop, database.start))


def hung(database, client, as_user, openapi):
    """The scene of a database that takes connections and answers nothing."""
    return once("database hung", lambda: away(client, as_user, openapi, database.pause, database.resume))


def unavailable(answers, seconds):
    """Assert that each of these is a 503 in time."""
    for name, (response, took) in answers.items():
        assert response is not None, f"{name}: no answer in {took:.1f} s"
        assert_problem(response, 503, what=name)
        assert took <= seconds, f"{name}: {took:.1f} s"


@case(
    "ops.database.stopped-is-503-within-2-s",
    points=3,
    reason="503 says try again; 500 says we are broken, 401 signs you out.",
    needs=DATABASE,
)
def test_stopped(database, client, as_user, openapi):
    seen = stopped(database, client, as_user, openapi)
    unavailable(seen["away"], 2.2)
    unavailable(seen["again"], 2.2)


@case(
    "ops.database.error-tells-no-internals",
    points=1,
    reason="Host names and queries in an error help the wrong people.",
    needs=DATABASE,
)
def test_internals(database, client, as_user, openapi):
    for name, (response, _) in stopped(database, client, as_user, openapi)["away"].items():
        for word in (
            "127.0.0.1",
            "ECONNREFUSED",
            "SELECT",
            "INSERT",
            "Traceback",
            "node_modules",
            "site-packages",
            "sqlalchemy",
            "sequelize",
            "mongo",
        ):
            assert response is not None, f"{name} tells {word}"
            assert word.lower() not in response.text.lower(), f"{name} tells {word}"


@case("ops.database.ready-names-it", points=1, reason="The one on call at night is told where to look.", needs=DATABASE)
def test_ready(database, client, as_user, openapi):
    response, seconds = stopped(database, client, as_user, openapi)["/ready"]
    assert response is not None, f"{seconds:.1f} s"
    assert seconds <= 2.2, f"{seconds:.1f} s"
    problem = assert_problem(response, 503)
    assert problem["dependencies"]["database"] == "down", problem
    assert "database" in problem["detail"].lower(), problem


@case(
    "ops.database.health-stays-200",
    points=1,
    reason="Restarting the server does not bring the database back.",
    needs=DATABASE,
)
def test_health(database, client, as_user, openapi):
    response, _ = stopped(database, client, as_user, openapi)["/health"]
    assert response is not None
    assert response.status_code == 200


@case(
    "ops.database.recovers-within-10-s",
    points=3,
    reason="Nobody must have to restart the server as well.",
    needs=DATABASE,
)
def test_recovers(database, client, as_user, openapi):
    seen = stopped(database, client, as_user, openapi)
    assert seen["back"], f"not back {seen['seconds']:.0f} s after the database"
    assert seen["ready again"], f"not back {seen['seconds']:.0f} s after the database"
    assert seen["seconds"] <= 10.5, f"not back {seen['seconds']:.0f} s after the database"


@case(
    "ops.database.hung-is-503-within-5-s",
    points=3,
    reason="Without a time limit of its own, each request waits for the hung database for ever.",
    needs=DATABASE,
)
def test_hung(database, client, as_user, openapi):
    seen = hung(database, client, as_user, openapi)
    unavailable(seen["away"], 5.3)
    unavailable({"ready": seen["/ready"]}, 5.3)
    response, _ = seen["/health"]
    assert response is not None
    assert response.status_code == 200


@case(
    "ops.database.hung-holds-no-crowd-up",
    points=2,
    reason="With the pool used up, the wait for a connection needs an end, too.",
    needs=DATABASE,
)
def test_crowd(database, client, as_user, openapi):
    unavailable(
        {
            f"request {number}": answer
            for number, answer in enumerate(hung(database, client, as_user, openapi)["crowd"])
        },
        5.5,
    )


@case(
    "ops.database.recovers-from-a-hang",
    points=2,
    reason="Connections that hung are thrown away, not waited for.",
    needs=DATABASE,
)
def test_recovers_from_hang(database, client, as_user, openapi):
    seen = hung(database, client, as_user, openapi)
    assert seen["back"], f"not back {seen['seconds']:.0f} s after the database"
    assert seen["ready again"], f"not back {seen['seconds']:.0f} s after the database"
    assert seen["seconds"] <= 10.5, f"not back {seen['seconds']:.0f} s after the database"


@case(
    "ops.database.may-be-late",
    points=1,
    reason="After a power cut the server is often up before its database.",
    needs=("process", "database"),
)
def test_late(database, boot):
    database.stop()
    with boot(ready=False) as server:
        early = server.client()

        def status(path):
            response, _ = timed(lambda: early.get(path))
            return response.status_code if response is not None else 0

        assert eventually(lambda: status("/health") == 200, within=10), (
            f"it does not start without its database: {server.stderr_text()[-500:]}"
        )
        assert status("/ready") == 503
        database.start()
        assert eventually(lambda: status("/ready") == 200, within=10), "it does not find a database that comes later"


@case(
    "ops.database.hung-holds-no-shutdown-up",
    points=1,
    reason="A deployment must go through although the database does not say good-bye.",
    needs=("process", "database"),
)
def test_shutdown(database, boot, openapi):
    sample = sample_of(openapi)
    with boot() as server:
        ann = server.as_user("ann")
        sample.make(ann)
        database.pause()
        at_once(10, lambda _: timed(lambda: ann.get(sample.list)))
        server.terminate()
        code = server.wait(10)
    assert code == 0, f"exit code {code}"
