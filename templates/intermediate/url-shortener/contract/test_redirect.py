"""Following short links: the one route that the public uses."""

import time

from shortener import LINKS, create, edit, follow, path, unused_code
from wire import assert_problem, at_once, instant, later, now, request_bytes, status_of

from generator.contract import case


def location(response):
    """The Location header's own bytes."""
    return next(value for name, value in response.headers.raw if name.lower() == b"location")


@case(
    "redirect.answers-302-to-the-exact-url",
    points=2,
    reason="301 is cached for ever; a touched URL may be another one.",
)
def test_exact(as_user, api):
    ann = as_user("ann")
    for url in (
        "https://example.com",
        "HTTPS://EXAMPLE.com:443/A/../b/./c//d?B=2&a=1&a=#Frag%2fment",
        "https://example.com/?",
        "http://example.com:80/%7euser/%41%2f?q=%e2%82%AC+%20#",
        "https://example.com/a;v=1,2/(x)!$&'*=:@~?x=/?:@",
        "http://[2001:db8::1]:8080/path",
        "https://example.com/".ljust(2048, "a"),
    ):
        response = follow(api, create(ann, url))
        assert response.status_code == 302
        assert location(response) == url.encode()


@case(
    "redirect.location-is-ascii",
    points=2,
    reason="Java and Python clients fail on raw letters in a Location header, so it holds percent-encoded UTF-8.",
)
def test_ascii(as_user, api):
    ann = as_user("ann")
    for url, sent in (
        ("http://b\u00fccher.example/caf\u00e9", "http://xn--bcher-kva.example/caf%C3%A9"),
        ("https://B\u00dcCHER.example:8443/?q=\u65e5", "https://xn--bcher-kva.example:8443/?q=%E6%97%A5"),
        ("https://fa\u00df.example/stra\u00dfe#\U0001f600", "https://xn--fa-hia.example/stra%C3%9Fe#%F0%9F%98%80"),
        ("https://example.com/cafe\u0301?a=%41&b=%c3%a9", "https://example.com/cafe%CC%81?a=%41&b=%c3%a9"),
        ("https://example.com/".ljust(2048, "\U0001f600"), "https://example.com/" + "%F0%9F%98%80" * 2028),
    ):
        link = create(ann, url)
        assert link["url"] == url
        assert location(follow(api, link)).decode("latin-1") == sent
        head = api.head(f"/{link['code']}")
        assert location(head).decode("latin-1") == sent


@case("redirect.is-not-stored", points=1, reason="A cached redirect is not counted, and outlives the link's end.")
def test_no_store(as_user, api):
    link = create(as_user("ann"))
    for _ in range(2):
        assert follow(api, link).headers["cache-control"] == "no-store"
    assert api.head(f"/{link['code']}").headers["cache-control"] == "no-store"


@case(
    "redirect.ignores-a-query-string",
    points=1,
    reason="Tracking parameters that others append are unknown, so ignored.",
)
def test_query(as_user, api):
    link = create(as_user("ann"), "https://example.com/a?b=1")
    response = api.get(f"/{link['code']}?utm_source=mail&next=https://evil.example")
    assert response.status_code == 302
    assert response.headers["location"] == "https://example.com/a?b=1"


@case("redirect.head-answers-the-same", points=1, reason="Link checkers ask with HEAD.")
def test_head(as_user, api):
    ann = as_user("ann")
    link = create(ann, "https://example.com/head")
    response = api.head(f"/{link['code']}")
    assert response.status_code == 302
    assert response.content == b""
    assert response.headers["location"] == "https://example.com/head"
    edit(ann, link, enabled=False)
    assert api.head(f"/{link['code']}").status_code == 410
    assert api.head(f"/{unused_code()}").status_code == 404


@case("redirect.unknown-code-is-404", points=1, reason="A code that never was is not found, cached or not.")
def test_unknown(api):
    code = unused_code()
    for _ in range(3):
        response = api.get(f"/{code}")
        assert_problem(response, 404)
        assert "location" not in response.headers


@case("redirect.malformed-code-is-404", points=2, reason="What cannot be a code is refused before any look-up.")
def test_malformed(api, raw):
    for target in (
        "/ab",
        f"/{'x' * 33}",
        f"/{'x' * 3000}",
        "/a.b.c",
        "/a%20b",
        "/caf%C3%A9",
        "/%F0%9F%98%80abc",
        "/'%20OR%20'1'='1",
        "/$where",
        "/%7B%22$ne%22:1%7D",
        "/*",
        "/abc*",
        "/favicon.ico",
        "/robots.txt",
    ):
        assert_problem(api.get(target), 404, what=target[:40])
    for target in (
        "/abc%00",
        "/%00%00%00",
        "/abc%0d%0aX-Evil:%201",
        "/abc%2Fdef",
        "/abc%25",
        "/%",
        "/%ff",
        "/%ff%fe%fd",
        "/%zz",
        "/abc%",
        "/%c0%ae%c0%ae",
        "/../../etc/passwd",
        "/%2e%2e/%2e%2e",
    ):  # many servers refuse these paths themselves, before any routing
        answer = raw(request_bytes("GET", target))
        assert status_of(answer) in (400, 404), f"{target}: {answer[:100]!r}"
        assert b"\r\nx-evil:" not in answer.lower(), target


@case(
    "redirect.looks-codes-up-exactly",
    points=1,
    reason="Equal without case is for taking a code, not for following one.",
)
def test_exact_case(as_user, api):
    link = create(as_user("ann"), code=unused_code("Case"))
    for code in (link["code"].lower(), link["code"].upper(), link["code"].swapcase()):
        assert_problem(api.get(f"/{code}"), 404, what=code)
    assert follow(api, link).status_code == 302
    assert_problem(api.get(f"/{link['code'].lower()}"), 404)


@case(
    "redirect.other-methods-are-405", points=1, reason="Following a link changes nothing, so there is nothing to POST."
)
def test_methods(as_user, client):
    link = create(as_user("ann"))
    visitor = client()
    visitor.csrf()
    for method in ("POST", "PUT", "PATCH", "DELETE", "TRACE"):
        response = visitor.request(method, f"/{link['code']}")
        assert_problem(response, 405, what=method)
        assert {"GET", "HEAD"} <= {name.strip() for name in response.headers["allow"].split(",")}


@case("redirect.edit-shows-at-once", points=2, reason="An owner who corrects a link must not wait for a cache.")
def test_edit(as_user, api):
    ann = as_user("ann")
    link = create(ann, "https://example.com/0")
    for number in range(1, 6):
        assert follow(api, link).headers["location"] == f"https://example.com/{number - 1}"
        edit(ann, link, url=f"https://example.com/{number}")
        assert follow(api, link).headers["location"] == f"https://example.com/{number}"


@case(
    "redirect.edit-wins-over-busy-readers",
    points=2,
    race=True,
    reason="A reader that fills the cache late must not bring the old target back.",
)
def test_edit_race(as_user, client):
    ann = as_user("ann")
    link = create(ann, "https://example.com/0")
    visitors = [client() for _ in range(4)]
    stale = []

    def read(number):
        if number < 4:
            for _ in range(25):
                follow(visitors[number], link)
            return
        for edition in range(1, 9):
            edit(ann, link, url=f"https://example.com/{edition}")
            seen = follow(ann, link).headers["location"]
            if seen != f"https://example.com/{edition}":
                stale.append((edition, seen))

    at_once(5, read)
    assert not stale, stale
    assert follow(visitors[0], link).headers["location"] == "https://example.com/8"


@case(
    "redirect.disabled-link-is-410",
    points=2,
    reason="Switched off means off on the next click, and on again on the next.",
)
def test_disabled(as_user, api):
    ann = as_user("ann")
    link = create(ann)
    assert follow(api, link).status_code == 302
    edit(ann, link, enabled=False)
    response = follow(api, link)
    assert_problem(response, 410)
    assert "location" not in response.headers
    edit(ann, link, enabled=True)
    assert follow(api, link).status_code == 302


@case("redirect.deleted-link-is-410", points=2, reason="Gone for good, and at once, whatever a cache still holds.")
def test_deleted(as_user, api):
    ann = as_user("ann")
    warm, cold = create(ann), create(ann)
    assert follow(api, warm).status_code == 302
    for link in (warm, cold):
        assert ann.delete(path(link)).status_code == 204
        assert_problem(follow(api, link), 410)
    time.sleep(0.1)
    assert_problem(follow(api, warm), 410)


@case("redirect.expired-link-is-410", points=2, reason="A cached link ends on time, too.")
def test_expired(as_user, api):
    ann = as_user("ann")
    warm, cold = create(ann, expiresAt=later(seconds=2)), create(ann, expiresAt=later(seconds=2))
    assert follow(api, warm).status_code == 302
    time.sleep(max(0.0, (instant(cold["expiresAt"]) - now()).total_seconds()) + 0.05)
    for link in (warm, cold):
        assert_problem(follow(api, link), 410)
        assert api.head(f"/{link['code']}").status_code == 410
    edit(ann, warm, expiresAt=None)
    assert follow(api, warm).status_code == 302, "a link whose expiry was cleared lives again"


@case(
    "redirect.new-code-works-at-once", points=2, reason="Who tries a code before taking it must not poison it for 5 s."
)
def test_negative_cache(as_user, api):
    ann = as_user("ann")
    for _ in range(3):
        code = unused_code()
        for _ in range(2):
            assert api.get(f"/{code}").status_code == 404
        create(ann, "https://example.com/new", code=code)
        response = api.get(f"/{code}")
        assert response.status_code == 302
        assert response.headers["location"] == "https://example.com/new"


@case(
    "redirect.account-deletion-ends-its-links",
    points=2,
    reason="A deleted account leaves nothing that still acts in its name.",
    auth=("jwt", "session"),
)
def test_account(as_user, api):
    ann = as_user("ann")
    warm, cold = create(ann, code=unused_code()), create(ann)
    assert follow(api, warm).status_code == 302
    response = ann.request("DELETE", "/api/v1/auth/me", json={"password": ann.account.password})
    assert response.status_code == 204, response.text
    for link in (warm, cold):
        assert_problem(follow(api, link), 410)


@case(
    "redirect.account-deletion-keeps-codes-taken",
    points=1,
    reason="Nobody may take over the links of someone who left.",
    needs=("users",),
)
def test_account_codes(as_user):
    ann, bob = as_user("ann"), as_user("bob")
    link = create(ann, code=unused_code())
    assert ann.request("DELETE", "/api/v1/auth/me", json={"password": ann.account.password}).status_code == 204
    assert_problem(bob.post(LINKS, json={"url": "https://evil.example/", "code": link["code"].lower()}), 409)
    assert_problem(bob.get(path(link)), 404)
