"""Creating links: the answer, the code, the time of expiry. What a URL may be is in test_links_url.py."""

import re
from datetime import datetime, timedelta
from urllib.parse import urljoin, urlsplit

from shortener import LINKS, MEMBERS, create, path, read, unused_code
from wire import assert_invalid, assert_members, assert_problem, instant, json_request, later, now, volley

from generator.contract import case

RESERVED = "about admin api app assets docs health help login logout openapi ready robots signup static www".split()


@case("links.create.answers-the-whole-link", points=2, reason="A client must not need a second request to show it.")
def test_whole_link(as_user):
    response = as_user("ann").post(LINKS, json={"url": "https://example.com/a"})
    assert response.status_code == 201
    link = response.json()
    assert_members(link, MEMBERS)
    assert isinstance(link["id"], str)
    assert link["id"]
    assert link["url"] == "https://example.com/a"
    assert link["enabled"] is True
    assert link["expiresAt"] is None
    assert link["clicks"] == 0
    assert isinstance(link["clicks"], int)


@case("links.create.times-are-utc-instants", points=1, reason="One form of time spares every client a time zone bug.")
def test_times(as_user):
    before = now()
    link = create(as_user("ann"))
    for member in ("createdAt", "updatedAt"):
        assert abs(instant(link[member]) - before) < timedelta(seconds=10), f"{member} is {link[member]}, not now"


@case("links.create.location-leads-to-the-link", points=1, reason="201 names what it made (RFC 9110, 15.3.2).")
def test_location(as_user, server):
    ann = as_user("ann")
    response = ann.post(LINKS, json={"url": "https://example.com/"})
    assert response.status_code == 201
    where = urlsplit(urljoin(f"{server.url}{LINKS}", response.headers["location"])).path
    assert where == path(response.json())
    found = ann.get(where)
    assert found.status_code == 200
    assert found.json() == response.json()


@case("links.create.short-url-is-built-on-public-url", points=1, reason="A proxy's or Host's name must not leak in.")
def test_short_url(as_user, server):
    ann = as_user("ann")
    response = ann.post(LINKS, json={"url": "https://example.com/"}, headers={"X-Forwarded-Host": "evil.example"})
    link = response.json()
    assert link["shortUrl"] == f"{server.public_url.rstrip('/')}/{link['code']}"


@case(
    "links.create.generated-code-is-7-of-base-62", points=1, reason="62^7 codes cannot be walked through by guessing."
)
def test_generated_code(as_user):
    ann = as_user("ann")
    codes = [create(ann)["code"] for _ in range(12)]
    assert all(re.fullmatch(r"[A-Za-z0-9]{7}", code) for code in codes), codes
    assert len({code.lower() for code in codes}) == len(codes)
    for place in range(7):
        assert len({code[place] for code in codes}) > 1, f"character {place} is the same in all of {codes}"


@case("links.create.keeps-a-chosen-code", points=1, reason="What is printed on a poster must be what was asked for.")
def test_chosen_code(as_user, api):
    ann = as_user("ann")
    stem = unused_code()
    for code in (stem, f"{stem}_-", stem[-3:], f"{stem}{'x' * (32 - len(stem))}"):
        response = ann.post(LINKS, json={"url": "https://example.com/", "code": code})
        if len(code) == 3 and response.status_code == 409:
            continue  # three characters may well be taken
        assert response.status_code == 201, (code, response.text)
        assert response.json()["code"] == code
        assert api.get(f"/{code}").status_code == 302


@case("links.create.rejects-short-and-long-codes", points=1, reason="Codes are 3 to 32 characters, in URL and index.")
def test_code_length(as_user):
    ann = as_user("ann")
    for code in ("", "a", "ab", "x" * 33, "x" * 5000):
        assert_invalid(ann.post(LINKS, json={"url": "https://example.com/", "code": code}), "code", code[:40])


@case(
    "links.create.rejects-other-characters-in-codes", points=2, reason="A code is one path segment, and looks like one."
)
def test_code_characters(as_user):
    ann = as_user("ann")
    stem = unused_code()
    bad = [
        "a/b",
        "../a",
        "a.b",
        "a b",
        "a?b",
        "a#b",
        "a%20b",
        "a+b",
        "a'b",
        "a;b",
        "\u0441\u043e\u0434\u0435",
        "caf\u00e9",
        "\u0661\u0662\u0663",
        "\uff41\uff42\uff43",
        "\U0001f600abc",
        f"{stem}\n",
        f"\n{stem}",
        f" {stem}",
        f"{stem} ",
        f"{stem}\u200b",
    ]
    for code in bad:
        assert_invalid(ann.post(LINKS, json={"url": "https://example.com/", "code": code}), "code", code)


@case("links.create.rejects-codes-of-other-types", points=1, reason="Types are never coerced: 12345 is not a code.")
def test_code_types(as_user):
    ann = as_user("ann")
    for code in (12345, True, 1.5, ["abc"], {"$ne": "abc"}):
        assert_invalid(ann.post(LINKS, json={"url": "https://example.com/", "code": code}), "code", code)


@case("links.create.rejects-reserved-codes-in-any-case", points=2, reason="A code must not pose as a page of the site.")
def test_reserved(as_user):
    ann = as_user("ann")
    for word in RESERVED:
        for code in (word, word.upper(), word[:-1] + word[-1].upper()):
            assert_invalid(ann.post(LINKS, json={"url": "https://example.com/", "code": code}), "code", code)


@case("links.create.reserved-words-may-be-part-of-a-code", points=1, reason="Only the word itself is reserved.")
def test_reserved_part(as_user):
    ann = as_user("ann")
    for code in (unused_code("api"), unused_code("docs"), f"{unused_code()}-www"):
        assert create(ann, code=code)["code"] == code


@case("links.create.taken-code-is-409", points=2, reason="Two links cannot share one address.")
def test_taken(as_user):
    ann = as_user("ann")
    code = create(ann, code=unused_code())["code"]
    assert_problem(ann.post(LINKS, json={"url": "https://example.org/", "code": code}), 409)


@case("links.create.code-is-taken-in-any-case", points=2, reason="Codes that differ by case alone invite look-alikes.")
def test_taken_in_any_case(as_user, api):
    ann = as_user("ann")
    link = create(ann, "https://example.com/first", code=unused_code())
    for code in (link["code"].upper(), link["code"].lower(), link["code"].swapcase()):
        assert_problem(ann.post(LINKS, json={"url": "https://example.org/", "code": code}), 409, what=code)
    assert api.get(f"/{link['code']}").headers["location"] == "https://example.com/first"


@case(
    "links.create.code-of-another-user-is-taken",
    points=1,
    reason="Codes are one name space, whoever owns them.",
    needs=("users",),
)
def test_taken_by_another(as_user):
    code = create(as_user("ann"), code=unused_code())["code"]
    assert_problem(as_user("bob").post(LINKS, json={"url": "https://example.org/", "code": code.upper()}), 409)


@case(
    "links.create.race-for-one-code",
    points=3,
    race=True,
    reason="Uniqueness is the database's: looking first lets two in.",
)
def test_race(as_user, api, server):
    ann = as_user("ann")
    code = unused_code("race")
    bodies = [{"url": f"https://example.com/{number}", "code": code} for number in range(100)]
    answers = volley(server.url, [json_request("POST", LINKS, ann, body) for body in bodies])
    statuses = sorted(status for status, _ in answers)
    assert statuses == [201] + [409] * 99, {status: statuses.count(status) for status in set(statuses)}
    winner = next(link for status, link in answers if status == 201)
    assert api.get(f"/{code}").headers["location"] == winner["url"]
    assert read(ann, winner)["url"] == winner["url"]


@case(
    "links.create.race-in-mixed-case",
    points=2,
    race=True,
    reason="The unique index must fold case, not the code before it.",
)
def test_race_mixed_case(as_user, server):
    ann = as_user("ann")
    code = unused_code("race")
    forms = [code.lower(), code.upper(), code, code.swapcase()]
    bodies = [{"url": "https://example.com/", "code": forms[number % 4]} for number in range(24)]
    answers = volley(server.url, [json_request("POST", LINKS, ann, body) for body in bodies])
    assert sorted(status for status, _ in answers) == [201] + [409] * 23


@case("links.create.rejects-a-past-expiry", points=1, reason="A link that is born expired is a mistake to report.")
def test_past_expiry(as_user):
    ann = as_user("ann")
    for moment in (later(seconds=-2), later(days=-400), "1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z"):
        assert_invalid(ann.post(LINKS, json={"url": "https://example.com/", "expiresAt": moment}), "expiresAt", moment)


@case("links.create.accepts-any-offset", points=2, reason="12:00+02:00 is 10:00Z: clients may speak their own time.")
def test_offsets(as_user):
    ann = as_user("ann")
    for given, kept in (
        ("2040-06-01T12:00:00+02:00", "2040-06-01T10:00:00.000Z"),
        ("2040-06-01T12:00:00-05:30", "2040-06-01T17:30:00.000Z"),
        ("2040-01-01T00:30:00+14:00", "2039-12-31T10:30:00.000Z"),
        ("2040-02-29T23:59:59+00:00", "2040-02-29T23:59:59.000Z"),
        ("2040-06-01t12:00:00z", "2040-06-01T12:00:00.000Z"),
    ):
        assert create(ann, expiresAt=given)["expiresAt"] == kept, given
    soon = (datetime.fromisoformat(later(minutes=30).replace("Z", "+00:00")) + timedelta(hours=9)).replace(tzinfo=None)
    east = f"{soon.isoformat(timespec='seconds')}+09:00"
    assert instant(create(ann, expiresAt=east)["expiresAt"]) > now(), f"{east} is half an hour ahead"


@case("links.create.expiry-is-kept-in-milliseconds", points=1, reason="What is stored is what every answer repeats.")
def test_expiry_precision(as_user):
    ann = as_user("ann")
    for given, kept in (
        ("2040-06-01T12:00:00.1Z", "2040-06-01T12:00:00.100Z"),
        ("2040-06-01T12:00:00.123Z", "2040-06-01T12:00:00.123Z"),
        ("2040-06-01T12:00:00.123999Z", "2040-06-01T12:00:00.123Z"),
        ("2040-06-01T12:00:00.999999999Z", "2040-06-01T12:00:00.999Z"),
        ("2040-06-01T12:00:00Z", "2040-06-01T12:00:00.000Z"),
    ):
        link = create(ann, expiresAt=given)
        assert link["expiresAt"] == kept, given
        assert read(ann, link)["expiresAt"] == kept, given


@case("links.create.rejects-other-forms-of-time", points=2, reason="A guessed time zone expires links hours off.")
def test_other_times(as_user):
    ann = as_user("ann")
    for moment in (
        "tomorrow",
        "",
        "2040-06-01",
        "2040-06-01T12:00:00",
        "2040-06-01T12:00Z",
        "12:00:00Z",
        "20400601T120000Z",
        "2040-13-01T12:00:00Z",
        "2040-02-30T12:00:00Z",
        "2041-02-29T12:00:00Z",
        "2040-06-01T24:00:00Z",
        "2040-06-01T12:60:00Z",
        "2040-06-01T12:00:60Z",
        "2040-06-01T12:00:00+2:00",
        "2040-06-01T12:00:00+24:00",
        "2040-06-01T12:00:00 Z",
        " 2040-06-01T12:00:00Z",
        "2040-06-01T12:00:00Z\n",
        "2040-06-01T12:00:00.Z",
        "2040-06-01T12:00:00,5Z",
        "+12040-06-01T12:00:00Z",
        "Fri, 01 Jun 2040 12:00:00 GMT",
        "2222222222",
        2222222222,
        2222222222000,
        True,
        ["2040-06-01T12:00:00Z"],
        {},
    ):
        assert_invalid(ann.post(LINKS, json={"url": "https://example.com/", "expiresAt": moment}), "expiresAt", moment)


@case(
    "links.create.expiry-stays-within-four-digits",
    points=1,
    reason="RFC 3339 has years of four digits: an instant beyond them could never be answered.",
)
def test_far_expiry(as_user):
    ann = as_user("ann")
    beyond = "9999-12-31T23:59:59-23:59"
    assert_invalid(ann.post(LINKS, json={"url": "https://example.com/", "expiresAt": beyond}), "expiresAt", beyond)
    assert create(ann, expiresAt="9999-12-31T23:59:59Z")["expiresAt"] == "9999-12-31T23:59:59.000Z"


@case("links.create.names-every-bad-member", points=1, reason="A form shows all its mistakes at once, not one a try.")
def test_every_member(as_user):
    ann = as_user("ann")
    for body in (
        {"url": "x", "code": "!", "expiresAt": "y", "colour": 1},
        {"url": 1, "code": 2, "expiresAt": 3, "owner": "bob"},
    ):
        named = {error["field"] for error in assert_problem(ann.post(LINKS, json=body), 422)["errors"]}
        assert named >= set(body), f"{body} names only {sorted(named)}"


@case(
    "links.create.null-expiry-means-never",
    points=1,
    reason="null is how a link without an end is answered, and asked for.",
)
def test_null_expiry(as_user):
    assert create(as_user("ann"), expiresAt=None)["expiresAt"] is None


@case(
    "links.create.rejects-members-a-client-may-not-set",
    points=2,
    reason="No one sets owner, id or clicks by asking to.",
)
def test_mass_assignment(as_user):
    ann = as_user("ann")
    for member, value in (
        ("id", "1"),
        ("ownerId", "x"),
        ("owner_id", "x"),
        ("owner", "x"),
        ("clicks", 1000),
        ("enabled", False),
        ("createdAt", "2020-01-01T00:00:00Z"),
        ("shortUrl", "https://example.com/x"),
        ("Url", "x"),
        ("expires_at", None),
        ("__proto__", {"enabled": False}),
        ("constructor", {}),
        ("$set", {}),
    ):
        body = {"url": "https://example.com/", member: value}
        assert_invalid(ann.post(LINKS, json=body), member, member)
