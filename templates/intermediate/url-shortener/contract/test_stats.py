"""Counting clicks, and the QR code."""

from collections import Counter
from datetime import date, timedelta
from xml.etree import ElementTree

from shortener import counted, create, edit, follow, path, read, stats
from variants import development
from wire import assert_invalid, assert_members, at_once, eventually, media_type, now

from generator.contract import case


def referrers(found):
    """Clicks by referring host."""
    return {entry["host"]: entry["clicks"] for entry in found["referrers"]}


@case("stats.new-link-has-none", points=1, reason="No clicks are zeros and an empty list, not missing members.")
def test_none(as_user):
    ann = as_user("ann")
    found = stats(ann, create(ann))
    assert_members(found, {"total", "perDay", "referrers"})
    assert found["total"] == 0
    assert found["referrers"] == []
    assert len(found["perDay"]) == 30
    assert all(set(day) == {"date", "clicks"} and day["clicks"] == 0 for day in found["perDay"])


@case("stats.window-ends-today-without-gaps", points=2, reason="A chart needs its empty days, and today (UTC) last.")
def test_window(as_user):
    ann = as_user("ann")
    link = create(ann)
    for days in (1, 7, 30, 90):
        before = now().date()
        found = stats(ann, link, days)["perDay"]
        dates = [date.fromisoformat(day["date"]) for day in found]
        assert before <= dates[-1] <= now().date(), f"days={days} ends on {dates[-1]}"
        assert dates == [dates[-1] - timedelta(days=days - 1 - number) for number in range(days)]
    assert len(ann.get(path(link, "/stats")).json()["perDay"]) == 30


@case("stats.bad-days-is-422", points=1, reason="The window is 1 to 90 days: one request must not scan years.")
def test_bad_days(as_user):
    ann = as_user("ann")
    link = create(ann)
    for days in (
        "0",
        "91",
        "-1",
        "abc",
        "",
        "1.5",
        "1e1",
        "99999999999999999999",
        "7;DROP TABLE",
    ):
        assert_invalid(ann.get(path(link, "/stats"), params={"days": days}), "days", days)


@case("stats.clicks-show-within-2-s", points=2, reason="Counting is put off, not put away.")
def test_visible(as_user, api):
    ann = as_user("ann")
    link = create(ann)
    for _ in range(3):
        assert follow(api, link).status_code == 302
    found = counted(ann, link, 3)
    assert found["total"] == 3
    assert found["perDay"][-1]["clicks"] + found["perDay"][-2]["clicks"] == 3
    assert eventually(lambda: read(ann, link)["clicks"] == 3, within=2.0), "the link's own clicks lag behind its total"


@case("stats.one-total-everywhere", points=2, reason="Numbers that disagree are all doubted.")
def test_agree(as_user, api):
    ann = as_user("ann")
    link = create(ann)
    for number in range(7):
        follow(api, link, headers={"Referer": f"https://r{number % 3}.example/"} if number % 2 else {})
    found = counted(ann, link, 7)
    assert found["total"] == 7
    assert sum(day["clicks"] for day in found["perDay"]) == 7
    assert sum(entry["clicks"] for entry in found["referrers"]) == 7
    assert sum(day["clicks"] for day in stats(ann, link, 2)["perDay"]) == 7
    assert read(ann, link)["clicks"] == 7
    assert ann.get("/api/v1/links", params={"q": link["code"]}).json()["items"][0]["clicks"] == 7


@case("stats.referrers-are-hosts", points=2, reason="Where visitors come from, without the pages they read there.")
def test_referrers(as_user, api):
    ann = as_user("ann")
    link = create(ann)
    for referrer in (
        "https://News.Example.com/secret/page?user=ann#x",
        "http://news.example.com:8080/",
        "https://NEWS.EXAMPLE.COM",
        "https://blog.example/",
    ):
        follow(api, link, headers={"Referer": referrer})
    found = counted(ann, link, 4)
    assert referrers(found) == {"news.example.com": 3, "blog.example": 1}
    assert all(set(entry) == {"host", "clicks"} for entry in found["referrers"])


@case(
    "stats.no-referrer-counts-under-null", points=1, reason="Direct visits are visits; without them the sums are short."
)
def test_null_referrer(as_user, api):
    ann = as_user("ann")
    link = create(ann)
    for referrer in (None, "", "garbage", "about:blank", "/relative", "https://", "http://[::broken/"):
        follow(api, link, headers={} if referrer is None else {"Referer": referrer})
    follow(api, link, headers={"Referer": "https://blog.example/"})
    assert referrers(counted(ann, link, 8)) == {None: 7, "blog.example": 1}


@case(
    "stats.long-referrer-does-no-harm", points=1, reason="A header anyone can send must not break the counting of all."
)
def test_long_referrer(as_user, api):
    ann = as_user("ann")
    link = create(ann)
    for host in ("a" * 254, "b." * 1000 + "example", "x'; DROP TABLE links; --", "$where.example", "a.b\u00fc.example"):
        assert follow(api, link, headers={"Referer": f"https://{host}/".encode()}).status_code == 302, host[:30]
    follow(api, link, headers={"Referer": "https://blog.example/"})
    found = counted(ann, link, 6)
    assert found["total"] == 6
    assert referrers(found)["blog.example"] == 1
    assert all(len(entry["host"] or "") <= 253 for entry in found["referrers"])


@case(
    "stats.head-and-refusals-count-nothing",
    points=2,
    reason="A click is a visitor who was sent on, not a robot's look.",
)
def test_not_counted(as_user, api):
    ann = as_user("ann")
    link = create(ann)
    for _ in range(3):
        assert api.head(f"/{link['code']}").status_code == 302
    assert ann.get(path(link, "/qr.svg")).status_code == 200
    edit(ann, link, enabled=False)
    for _ in range(3):
        assert follow(api, link).status_code == 410
        assert api.get(f"/{link['code'].swapcase()}").status_code in (404, 410)
    edit(ann, link, enabled=True)
    assert follow(api, link).status_code == 302
    assert counted(ann, link, 1)["total"] == 1


@case(
    "stats.prefetch-counts-nothing",
    points=1,
    reason="A browser that loads a page ahead is no visitor yet: Sec-Purpose says so.",
)
def test_prefetch(as_user, api):
    ann = as_user("ann")
    link = create(ann, "https://example.com/ahead")
    for purpose in ("prefetch", "prefetch;prerender"):
        for _ in range(2):
            response = follow(api, link, headers={"Sec-Purpose": purpose})
            assert response.status_code == 302, purpose
            assert response.headers["location"] == "https://example.com/ahead", purpose
    assert follow(api, link).status_code == 302
    assert counted(ann, link, 1)["total"] == 1


@case(
    "stats.parallel-clicks-are-all-counted",
    points=3,
    race=True,
    reason="A counter that is read, raised and written loses clicks.",
)
def test_parallel(as_user, client):
    ann = as_user("ann")
    links = [create(ann), create(ann)]
    visitors = [client() for _ in range(8)]
    sent = Counter()
    for answers in at_once(
        8, lambda number: [follow(visitors[number], links[turn % 2]).status_code for turn in range(40)]
    ):
        sent.update(answers)
    assert sent == {302: 320}
    for link in links:
        found = counted(ann, link, 160, within=10)  # how soon is another case's question
        assert found["total"] == 160
        assert sum(day["clicks"] for day in found["perDay"]) == 160
        assert referrers(found) == {None: 160}


@case(
    "stats.clicks-survive-edits",
    points=1,
    reason="An edit that writes the whole link back wipes what was counted meanwhile.",
)
def test_survive(as_user, api):
    ann = as_user("ann")
    link = create(ann)
    for number in range(5):
        follow(api, link)
        edit(ann, link, url=f"https://example.com/{number}")
    assert counted(ann, link, 5)["total"] == 5
    assert eventually(lambda: read(ann, link)["clicks"] == 5, within=2.0)


@case("stats.keep-no-visitor-address", points=1, reason="Where and when is statistics; who is personal data.")
def test_no_address(as_user, client):
    ann = as_user("ann")
    link = create(ann)
    visitor = client()
    follow(visitor, link, headers={"User-Agent": "unheard-of-browser/1"})
    counted(ann, link, 1)
    for tail in ("", "/stats"):
        text = ann.get(path(link, tail)).text
        assert visitor.address not in text
        assert "unheard-of-browser" not in text


@case(
    "stats.visitor-address-is-not-stored",
    points=2,
    reason="What is not in the database cannot leak from it, nor be asked for by anyone.",
    needs=("process", "contents"),
)
def test_not_stored(as_user, client, contents):
    ann, visitor = as_user("ann"), client()
    link = create(ann)
    follow(visitor, link, headers={"User-Agent": "unheard-of-browser/2"})
    counted(ann, link, 1)
    kept = contents.holding(visitor.address, "unheard-of-browser")
    assert not kept, f"kept of the visitor: {kept[0][:200]}"


@case(
    "stats.two-processes-count-together",
    points=2,
    race=True,
    reason="Two processes behind one load balancer write into the same counters.",
    needs=("process",),
)
def test_two_processes(as_user, server, variant):
    ann, link = as_user("ann"), None
    link = create(ann)
    visitors = [target.client() for target in (server, development(variant)) for _ in range(2)]
    sent = at_once(4, lambda number: [follow(visitors[number], link).status_code for _ in range(50)])
    assert sent == [[302] * 50] * 4
    assert counted(ann, link, 200, within=10)["total"] == 200


@case("qr.is-an-svg-image", points=1, reason="A poster needs the code in a form that scales.")
def test_svg(as_user):
    ann = as_user("ann")
    response = ann.get(path(create(ann), "/qr.svg"))
    assert response.status_code == 200
    assert media_type(response) == "image/svg+xml"
    root = ElementTree.fromstring(response.content)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert len(list(root.iter())) > 1, "an empty picture"


@case("qr.differs-per-link", points=1, reason="Each code must lead to its own link.")
def test_differs(as_user):
    ann = as_user("ann")
    first, second = create(ann), create(ann)
    one, two, again = (ann.get(path(link, "/qr.svg")).content for link in (first, second, first))
    assert one != two
    assert one == again


@case("qr.shows-the-short-url", points=1, reason="It must count as a click, and follow later edits of the target.")
def test_short_url(as_user):
    ann = as_user("ann")
    link = create(ann, "https://example.com/one")
    before = ann.get(path(link, "/qr.svg")).content
    edit(ann, link, url="https://example.com/another-and-much-longer-target")
    assert ann.get(path(link, "/qr.svg")).content == before
