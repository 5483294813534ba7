"""Lists: order, pages, search."""

import secrets

from resources import BAD_CURSORS, BAD_LIMITS, JUNK_QUERIES, ids
from shortener import LINKS, create, edit, pages, path, unused_code
from wire import assert_invalid, assert_members, assert_problem, request_bytes, status_of

from generator.contract import case


def several(client, count, **members):
    """So many links whose URLs share a mark no other link has; the mark and the links, oldest first."""
    mark = f"mark{secrets.token_hex(6)}"
    return mark, [create(client, f"https://example.com/{mark}/{number}", **members) for number in range(count)]


@case("links.list.newest-first", points=1, reason="What was just made is what one looks for.")
def test_order(as_user):
    ann = as_user("ann")
    _, links = several(ann, 5)
    edit(ann, links[0], enabled=False)
    assert ids(ann.get(LINKS, params={"limit": 5}).json()["items"]) == ids(reversed(links))


@case("links.list.items-are-whole-links", points=1, reason="One shape of a link everywhere is one type in the client.")
def test_items(as_user):
    ann = as_user("ann")
    link = create(ann, expiresAt="2040-01-01T00:00:00Z")
    page = ann.get(LINKS, params={"limit": 1})
    assert page.status_code == 200
    assert_members(page.json(), {"items", "nextCursor"})
    assert page.json()["items"] == [link]


@case(
    "links.list.starts-empty",
    points=1,
    reason="A new user's list is an empty page, not an error.",
    auth=("jwt", "session"),
)
def test_empty(as_user):
    assert as_user("ann").get(LINKS).json() == {"items": [], "nextCursor": None}


@case("links.list.default-limit-is-20", points=1, reason="A list without a limit must not grow with the table.")
def test_default_limit(as_user):
    ann = as_user("ann")
    mark, _ = several(ann, 21)
    page = ann.get(LINKS, params={"q": mark}).json()
    assert len(page["items"]) == 20
    assert isinstance(page["nextCursor"], str)
    rest = ann.get(LINKS, params={"q": mark, "cursor": page["nextCursor"]}).json()
    assert len(rest["items"]) == 1
    assert rest["nextCursor"] is None


@case("links.list.limit-is-1-to-100", points=1, reason="One request must not fetch a million rows.")
def test_limit(as_user):
    ann = as_user("ann")
    several(ann, 3)
    assert len(ann.get(LINKS, params={"limit": 1}).json()["items"]) == 1
    assert len(ann.get(LINKS, params={"limit": 2}).json()["items"]) == 2
    assert 3 <= len(ann.get(LINKS, params={"limit": 100}).json()["items"]) <= 100


@case("links.list.bad-limit-is-422", points=1, reason="A limit that is silently changed hides a bug in the client.")
def test_bad_limit(as_user):
    ann = as_user("ann")
    for limit in BAD_LIMITS:
        assert_invalid(ann.get(LINKS, params={"limit": limit}), "limit", limit)


@case("links.list.bad-cursor-is-422", points=2, reason="A cursor is opaque, and input all the same.")
def test_bad_cursor(as_user):
    ann = as_user("ann")
    for cursor in BAD_CURSORS:
        assert_invalid(ann.get(LINKS, params={"cursor": cursor}), "cursor", cursor[:40])


@case(
    "links.list.walk-loses-and-repeats-nothing",
    points=3,
    reason="Offsets shift when links are added; a cursor must not.",
)
def test_walk(as_user):
    ann = as_user("ann")
    mark, links = several(ann, 17)
    seen = []
    for added, page in enumerate(pages(ann, q=mark, limit=4)):
        assert len(page) <= 4
        assert added < 30, "the walk does not end while links are added"
        seen += ids(page)
        create(ann, f"https://example.com/{mark}/added-{added}")
    assert seen == ids(reversed(links))


@case(
    "links.list.walk-survives-deletions",
    points=2,
    reason="The cursor's own link may be gone when the next page is asked for.",
)
def test_walk_deleted(as_user):
    ann = as_user("ann")
    mark, links = several(ann, 9)
    seen = []
    for page in pages(ann, q=mark, limit=3):
        seen += ids(page)
        assert ann.delete(path(page[-1])).status_code == 204
    assert seen == ids(reversed(links))


@case("links.list.search-finds-code-and-url", points=1, reason="One remembers a part of either.")
def test_search(as_user):
    ann = as_user("ann")
    mark = secrets.token_hex(6)
    by_code = create(ann, "https://example.com/", code=f"in-{mark}-code")
    by_url = create(ann, f"https://example.com/in/{mark}/url")
    create(ann, "https://example.com/neither")
    assert ids(ann.get(LINKS, params={"q": mark}).json()["items"]) == [by_url["id"], by_code["id"]]
    assert ann.get(LINKS, params={"q": f"{mark}-nowhere"}).json()["items"] == []


@case("links.list.search-ignores-case", points=1, reason="Nobody remembers which letters were large.")
def test_search_case(as_user):
    ann = as_user("ann")
    mark = secrets.token_hex(6)
    link = create(ann, f"https://example.com/MiXeD-{mark}", code=unused_code("CoDe"))
    for q in (f"mixed-{mark}", f"MIXED-{mark.upper()}", link["code"].swapcase()):
        assert ids(ann.get(LINKS, params={"q": q}).json()["items"]) == [link["id"]], q


@case(
    "links.list.search-ignores-case-of-every-letter",
    points=1,
    reason="\u00c4 and \u00e4 differ in case alone, whatever the database takes for a letter.",
)
def test_search_other_letters(as_user):
    ann = as_user("ann")
    mark = secrets.token_hex(6)
    link = create(ann, f"https://example.com/\u00c4pfel-\u0416\u03a9-{mark}")
    for q in (f"\u00e4pfel-\u0436\u03c9-{mark}", f"\u00c4PFEL-\u0416\u03a9-{mark.upper()}"):
        assert ids(ann.get(LINKS, params={"q": q}).json()["items"]) == [link["id"]], q


@case(
    "links.list.search-takes-text-literally", points=2, reason="% and .* are text to look for, not patterns to scan by."
)
def test_search_literal(as_user):
    ann = as_user("ann")
    mark = secrets.token_hex(6)
    plain = create(ann, f"https://example.com/{mark}-abc")
    odd = create(ann, f"https://example.com/{mark}-100%25_(a+b).*[c]$^'\"")
    assert ids(ann.get(LINKS, params={"q": mark}).json()["items"]) == [odd["id"], plain["id"]]
    for q in (f"{mark}-100%25_(a+b).*[c]$^'\"", "%25_(a+b)"):
        assert odd["id"] in ids(ann.get(LINKS, params={"q": q, "limit": 100}).json()["items"]), q
    for q in (
        f"{mark}-a_c",
        f"{mark}%",
        f"{mark}-a%c",
        f"{mark}-...",
        f"{mark}.*",
        f"{mark}-[a-c]bc",
        f"^https://example.com/{mark}",
        f"{mark}-abc$",
        f"{mark}\\",
        f"{mark}-\\w",
        f"{mark}(",
        f"{mark}*",
        f"{mark}' OR '1'='1",
        f"{mark}|{mark}",
        f"/{mark}/i",
    ):
        assert ann.get(LINKS, params={"q": q}).json()["items"] == [], q


@case("links.list.search-is-paged", points=1, reason="The filter holds on every page, not on the first alone.")
def test_search_pages(as_user):
    ann = as_user("ann")
    mark = secrets.token_hex(6)
    links = []
    for number in range(5):
        links.append(create(ann, f"https://example.com/{mark}/{number}"))
        create(ann, f"https://example.com/other/{number}")
    assert [one for page in pages(ann, q=mark, limit=2) for one in ids(page)] == ids(reversed(links))


@case("links.list.bad-search-is-422", points=1, reason="Long or binary searches are nobody's typing.")
def test_bad_search(as_user):
    ann = as_user("ann")
    for q in ("x" * 201, "a\0b", "\0"):
        assert_invalid(ann.get(LINKS, params={"q": q}), "q", q[:20])
    assert ann.get(LINKS, params={"q": "x" * 200}).status_code == 200


@case(
    "links.list.unknown-parameters-are-ignored", points=1, reason="Operators such as q[$ne] are unknown names, no more."
)
def test_unknown_parameters(as_user):
    ann = as_user("ann")
    link = create(ann)
    for query in (
        "q[$ne]=x",
        "q[]=nowhere",
        "limit[$gt]=0",
        "utm_source=x",
        "Limit=0",
        "$where=1",
        "__proto__[q]=nowhere",
        "ownerId=x",
        "sort=-1",
    ):
        response = ann.get(f"{LINKS}?{query}")
        assert response.status_code == 200, f"{query}: {response.text}"
        assert response.json()["items"][0]["id"] == link["id"], query


@case(
    "links.list.query-junk-is-never-500", points=1, reason="A broken percent sign is the client's mistake, not a crash."
)
def test_query_junk(as_user, raw):
    ann = as_user("ann")
    for query in JUNK_QUERIES:
        answer = raw(request_bytes("GET", f"{LINKS}?{query}", ann))
        assert status_of(answer) in (200, 400, 422), f"{query[:40]}: {answer[:100]!r}"


@case(
    "links.owner.lists-show-own-links-alone",
    points=2,
    reason="A list without the owner in its query shows everyone's.",
    needs=("users",),
)
def test_own(as_user):
    ann, bob = as_user("ann"), as_user("bob")
    mark = secrets.token_hex(6)
    hers = create(ann, f"https://example.com/{mark}/ann", code=unused_code())
    his = create(bob, f"https://example.com/{mark}/bob")
    assert ids(ann.get(LINKS).json()["items"]) == [hers["id"]]
    assert ids(bob.get(LINKS).json()["items"]) == [his["id"]]
    assert ids(bob.get(LINKS, params={"q": mark}).json()["items"]) == [his["id"]]
    assert bob.get(LINKS, params={"q": hers["code"]}).json()["items"] == []


@case(
    "links.owner.cursors-show-own-links-alone",
    points=1,
    reason="Another's cursor is at most a place in one's own list.",
    needs=("users",),
)
def test_foreign_cursor(as_user):
    ann, bob = as_user("ann"), as_user("bob")
    for _ in range(3):
        create(ann)
    his = create(bob)
    cursor = ann.get(LINKS, params={"limit": 1}).json()["nextCursor"]
    response = bob.get(LINKS, params={"cursor": cursor})
    assert response.status_code in (200, 422)
    assert set(ids(response.json().get("items", []))) <= {his["id"]}


@case(
    "links.owner.others-links-are-404",
    points=3,
    reason="403 would tell that the id exists; 200 would give it away.",
    needs=("users",),
)
def test_others(as_user, api):
    ann, bob = as_user("ann"), as_user("bob")
    link = create(ann, "https://example.com/hers")
    for tail in ("", "/stats", "/qr.svg"):
        assert_problem(bob.get(path(link, tail)), 404, what=f"GET {tail}")
        assert bob.head(path(link, tail)).status_code == 404
    for headers in ({}, {"If-Match": "*"}, {"If-Match": ann.get(path(link)).headers["etag"]}, {"If-Match": '"other"'}):
        assert_problem(
            bob.patch(path(link), json={"url": "https://evil.example/"}, headers=headers), 404, what=f"PATCH {headers}"
        )
        assert_problem(bob.delete(path(link), headers=headers), 404, what=f"DELETE {headers}")
    assert bob.get(path(link), headers={"If-None-Match": "*"}).status_code == 404
    assert ann.get(path(link)).json() == link
    assert api.get(f"/{link['code']}").headers["location"] == "https://example.com/hers"


@case(
    "links.owner.strangers-are-401",
    points=2,
    reason="No route of the API may be left without its guard.",
    auth=("jwt", "session"),
)
def test_strangers(as_user, client):
    link = create(as_user("ann"))
    stranger = client()
    stranger.csrf()
    assert_problem(stranger.post(LINKS, json={"url": "https://example.com/"}), 401)
    assert_problem(stranger.get(LINKS), 401)
    for tail in ("", "/stats", "/qr.svg"):
        assert_problem(stranger.get(path(link, tail)), 401, what=tail)
    assert_problem(stranger.patch(path(link), json={"enabled": False}), 401)
    assert_problem(stranger.delete(path(link)), 401)
