"""Clicks and redirects when things end, hang and come back."""

import threading
import time

import httpx
from shortener import LINKS, counted, create, edit, follow, path, stats, unused_code
from wire import assert_problem, at_once, eventually, once

from generator.contract import case

CACHE = ("cache",)


class Visitors:
    """Clients that follow one link over and over until they are told to stop or the server is gone.

    Attributes:
        acknowledged: redirects that arrived.
        doubtful: requests that broke off: the server may or may not have counted them.
        others: answers that were no redirects.
    """

    def __init__(self, clients, link):
        self.acknowledged, self.doubtful, self.others = 0, 0, []
        self._lock, self._stop = threading.Lock(), threading.Event()
        self._threads = [threading.Thread(target=self._visit, args=(client, link), daemon=True) for client in clients]
        for thread in self._threads:
            thread.start()

    def _visit(self, client, link):
        while not self._stop.is_set():
            try:
                status = follow(client, link).status_code
            except httpx.TransportError:
                with self._lock:
                    self.doubtful += 1
                return
            with self._lock:
                if status == 302:
                    self.acknowledged += 1
                else:
                    self.others.append(status)

    def end(self):
        """Tell them to stop and wait for the last."""
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=10)


@case(
    "ops.sigterm.no-click-lost",
    points=3,
    reason="Every deployment would cost clicks that were acknowledged.",
    needs=("process",),
)
def test_sigterm(as_user, boot):
    ann = as_user("ann")
    link = create(ann)
    with boot(env={"RATE_LIMIT": "0"}) as other:
        visitors = Visitors([other.client() for _ in range(6)], link)
        time.sleep(1.2)
        began = time.monotonic()
        other.terminate()
        code = other.wait(15)
        seconds = time.monotonic() - began
        visitors.end()
    assert (code, seconds < 10) == (0, True), f"exit code {code} after {seconds:.1f} s"
    assert visitors.acknowledged > 20
    assert set(visitors.others) <= {503}, visitors.others[:5]
    total = stats(ann, link)["total"]
    assert visitors.acknowledged <= total <= visitors.acknowledged + visitors.doubtful, (
        f"{visitors.acknowledged} redirects arrived, {visitors.doubtful} broke off, {total} were counted"
    )


def killed(as_user, client, boot):
    """A second server on the same database: it creates a link that the first has just not found, is followed a lot
    without a rate limit, and is killed two seconds after its last click."""

    def play():
        ann, visitor, seen = as_user("ann"), client(), {}
        with boot(env={"RATE_LIMIT": "0"}) as other:
            owner, busy = other.as_user("ann"), other.client()
            code = unused_code()
            seen["before"] = visitor.get(f"/{code}").status_code
            looked = time.monotonic()
            link = create(owner, code=code)
            seen["statuses"] = [
                status
                for some in at_once(4, lambda _: [follow(busy, link).status_code for _ in range(80)])
                for status in some
            ]
            time.sleep(2.0)
            other.kill()
            other.wait(10)
        seen["total"] = stats(ann, link)["total"]
        left = looked + 5.0 - time.monotonic()
        seen["after"] = eventually(
            lambda: follow(visitor, link).status_code == 302, within=max(0.0, left) + 0.2, pause=0.3
        )
        return seen

    return once("killed", play)


@case(
    "redirect.unknown-code-is-cached-5-s-at-most",
    points=2,
    needs=("process",),
    reason="Another process cannot end what this one has cached: time must.",
)
def test_negative_cache(as_user, client, boot):
    seen = killed(as_user, client, boot)
    assert seen["before"] == 404
    assert seen["after"], "still 404 more than 5 s after the look-up that found nothing"


@case(
    "stats.survive-a-crash-after-2-s",
    points=2,
    reason="What was visible must not vanish: a buffer is not a store.",
    needs=("process",),
)
def test_kill(as_user, client, boot):
    seen = killed(as_user, client, boot)
    assert seen["total"] == seen["statuses"].count(302)


@case(
    "ops.rate-limit.zero-is-off",
    points=1,
    reason="Behind a gateway that limits, a second limit only confuses.",
    needs=("process",),
)
def test_no_limit(as_user, client, boot):
    assert killed(as_user, client, boot)["statuses"] == [302] * 320


@case(
    "stats.database-outage-loses-no-click",
    points=3,
    reason="What cannot be written now is kept and written later, once.",
    needs=("database",),
)
def test_outage(as_user, client, database):
    ann, visitor = as_user("ann"), client()
    link = create(ann)
    statuses = [follow(visitor, link).status_code for _ in range(5)]
    database.stop()
    began = time.monotonic()
    while time.monotonic() < began + 1.5:
        statuses.append(follow(visitor, link).status_code)
        time.sleep(0.1)
    database.start()
    assert set(statuses) <= {302, 503}, statuses
    assert eventually(lambda: ann.get(path(link)).status_code == 200, within=10), "the server does not recover"
    acknowledged = statuses.count(302)
    counted(ann, link, acknowledged, within=10)
    time.sleep(1.2)
    assert stats(ann, link)["total"] == acknowledged, "clicks were written twice"


def enough_of(client, link, clicks):
    """The link's total once it is so large; None before that, and while the database is too busy to tell."""
    response = client.get(path(link, "/stats"), params={"days": 30})
    assert response.status_code in (200, 503), f"{response.status_code} {response.text[:300]}"
    total = response.json()["total"] if response.status_code == 200 else 0
    return total if total >= clicks else None


@case(
    "stats.two-processes-do-not-deadlock",
    points=2,
    race=True,
    needs=("process", "database"),
    reason="Two transactions that lock the same counters in two orders wait for each other until one is ended.",
)
def test_deadlock(as_user, server, variant, database):
    ann = as_user("ann")
    second = variant({"RATE_LIMIT": "0"})
    links = [create(ann) for _ in range(2)]
    visits = [(link, f"https://host-{number}.example/") for link in links for number in range(100)]
    visitors = [(server.client(), visits), (second.client(), visits[::-1])]

    def visit(number):
        visitor, order = visitors[number]
        return {follow(visitor, link, headers={"Referer": referrer}).status_code for link, referrer in order}

    rounds, before = 3, database.log().lower().count("deadlock detected")
    for _ in range(rounds):
        assert at_once(2, visit) == [{302}, {302}]
        # Both processes have clicks to write when the database goes on, so both begin at the same moment.
        database.pause()
        time.sleep(1.1)
        database.resume()
    for link in links:
        # Two processes with so much to write can keep the database busy: a 503 is no deadlock, so look again.
        total = eventually(lambda link=link: enough_of(ann, link, rounds * 200), within=20)
        assert total == rounds * 200, f"{total} of {rounds * 200} clicks after 20 s"
    assert database.log().lower().count("deadlock detected") == before, "the database had to end a deadlock"


def without_cache(as_user, client, take, give):
    """Links that are followed, edited and deleted while the cache is away, and when it came back."""
    ann, visitor, seen = as_user("ann"), client(), {}
    kept, edited, deleted, disabled = (
        create(ann, f"https://example.com/{name}") for name in ("kept", "edited", "deleted", "disabled")
    )
    for link in (kept, edited, deleted, disabled):
        assert follow(visitor, link).status_code == 302
    seen.update(edited=edited, deleted=deleted, disabled=disabled)
    take()

    def timed(send):
        began = time.monotonic()
        response = send()
        return response, time.monotonic() - began

    seen["kept"] = [timed(lambda: follow(visitor, kept)) for _ in range(5)]
    seen["unknown"] = timed(lambda: visitor.get("/nobody-has-this"))
    seen["create"] = timed(lambda: ann.post(LINKS, json={"url": "https://example.com/new"}))
    seen["new"] = timed(lambda: follow(visitor, seen["create"][0].json()))
    seen["edit"] = timed(lambda: ann.patch(path(edited), json={"url": "https://example.com/edited-meanwhile"}))
    seen["delete"] = timed(lambda: ann.delete(path(deleted)))
    seen["disable"] = timed(lambda: ann.patch(path(disabled), json={"enabled": False}))

    def look():
        return {
            "edited": follow(visitor, edited).headers.get("location"),
            "deleted": follow(visitor, deleted).status_code,
            "disabled": follow(visitor, disabled).status_code,
        }

    seen["meanwhile"] = look()
    seen["/ready"], seen["/health"] = timed(lambda: visitor.get("/ready")), timed(lambda: visitor.get("/health"))
    give()
    began = time.monotonic()
    seen["back"] = began
    seen["ready again"] = eventually(lambda: visitor.get("/ready").status_code == 200, within=10)
    seen["seconds"] = time.monotonic() - began
    edit(ann, kept, url="https://example.com/after")
    seen["after"] = follow(visitor, kept).headers.get("location")
    return seen


RIGHT = {"edited": "https://example.com/edited-meanwhile", "deleted": 410, "disabled": 410}


def stopped(cache, as_user, client):
    """The scene of a cache that ends and is started again."""
    return once("cache stopped", lambda: without_cache(as_user, client, cache.stop, cache.start))


def hung(cache, as_user, client):
    """The scene of a cache that takes connections and answers nothing, and still has all it had."""
    return once("cache hung", lambda: without_cache(as_user, client, cache.pause, cache.resume))


@case(
    "cache.stopped-redirects-go-on",
    points=3,
    reason="A cache makes things faster; it must not be able to stop them.",
    needs=CACHE,
)
def test_redirects(cache, as_user, client):
    seen = stopped(cache, as_user, client)
    for response, seconds in (*seen["kept"], seen["new"]):
        assert response.status_code == 302
        assert seconds < 2.3, f"{seconds:.1f} s"
    assert_problem(seen["unknown"][0], 404)


@case("cache.stopped-edits-go-on", points=2, reason="And take effect at once, as ever.", needs=CACHE)
def test_edits(cache, as_user, client):
    seen = stopped(cache, as_user, client)
    assert [seen[name][0].status_code for name in ("create", "edit", "delete", "disable")] == [201, 200, 204, 200]
    assert seen["meanwhile"] == RIGHT


@case("cache.stopped-ready-names-it", points=1, reason="What still works is not therefore well.", needs=CACHE)
def test_ready(cache, as_user, client):
    seen = stopped(cache, as_user, client)
    response, seconds = seen["/ready"]
    problem = assert_problem(response, 503)
    assert seconds <= 2.2, f"{seconds:.1f} s"
    assert problem["dependencies"] == {"database": "up", "cache": "down"}, problem
    assert "cache" in problem["detail"].lower(), problem
    assert seen["/health"][0].status_code == 200


@case("cache.back-within-10-s", points=2, reason="Nobody must have to restart the server as well.", needs=CACHE)
def test_back(cache, as_user, client):
    seen = stopped(cache, as_user, client)
    assert seen["ready again"], "not ready 10 s after the cache came back"
    assert seen["after"] == "https://example.com/after"


@case(
    "cache.hung-holds-nobody-up", points=2, reason="A cache that is slower than the database is no cache.", needs=CACHE
)
def test_hung(cache, as_user, client):
    seen = hung(cache, as_user, client)
    for response, seconds in (*seen["kept"], seen["new"]):
        assert response.status_code == 302
        assert seconds < 5.3, f"{seconds:.1f} s"
    assert [seen[name][0].status_code for name in ("create", "edit", "delete", "disable")] == [201, 200, 204, 200]
    assert seen["meanwhile"] == RIGHT


@case(
    "cache.old-entries-end-within-60-s",
    points=3,
    reason="A cache that wakes up with what it knew before may serve that for as long as it keeps it, and no longer.",
    needs=("process", "cache"),
    waits=61,
)
def test_old_entries(cache, client, as_user):
    seen = hung(cache, as_user, client)
    visitor, back = client(), seen["back"]

    def right():
        return {
            "edited": follow(visitor, seen["edited"]).headers.get("location"),
            "deleted": follow(visitor, seen["deleted"]).status_code,
            "disabled": follow(visitor, seen["disabled"]).status_code,
        } == RIGHT

    # What was kept while the cache hung was written before: its 60 s began earlier than the cache came back.
    assert eventually(right, within=max(0.0, back + 60 - time.monotonic()), pause=0.5), "old entries after 60 s"
