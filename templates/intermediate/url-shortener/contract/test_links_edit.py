"""Reading, editing and deleting one link; ETags and lost updates."""

import time

from resources import MALFORMED_IDS, STRONG, UNKNOWN_IDS
from shortener import LINKS, MEMBERS, counted, create, edit, follow, path, read, unused_code
from wire import assert_invalid, assert_members, assert_problem, instant, json_request, later, volley

from generator.contract import case


def etag(client, link):
    """The link's ETag as GET has it."""
    return client.get(path(link)).headers["etag"]


@case("links.read.answers-the-link", points=1, reason="What was created can be read again, whole and unchanged.")
def test_read(as_user):
    ann = as_user("ann")
    link = create(ann, "https://example.com/read", code=unused_code(), expiresAt="2040-01-01T00:00:00Z")
    assert read(ann, link) == link


@case("links.read.unknown-id-is-404", points=1, reason="An id that never was must look like one that is not yours.")
def test_unknown_id(as_user):
    ann = as_user("ann")
    for unknown in UNKNOWN_IDS:
        for tail in ("", "/stats", "/qr.svg"):
            assert_problem(ann.get(f"{LINKS}/{unknown}{tail}"), 404, what=unknown + tail)
        assert_problem(ann.patch(f"{LINKS}/{unknown}", json={"enabled": False}), 404, what=unknown)
        assert_problem(ann.delete(f"{LINKS}/{unknown}"), 404, what=unknown)


@case(
    "links.read.malformed-id-is-404",
    points=2,
    reason="A malformed id is an unknown one, and never reaches the database.",
)
def test_malformed_id(as_user):
    ann = as_user("ann")
    for unknown in MALFORMED_IDS:
        assert_problem(ann.get(f"{LINKS}/{unknown}"), 404, what=unknown)
        assert_problem(ann.get(f"{LINKS}/{unknown}/stats"), 404, what=unknown)
        assert_problem(ann.patch(f"{LINKS}/{unknown}", json={"enabled": False}), 404, what=unknown)
        assert_problem(ann.delete(f"{LINKS}/{unknown}"), 404, what=unknown)
    for refused in ("%00", "%ff", "..%2flinks"):  # many servers refuse these paths themselves, before any routing
        assert ann.get(f"{LINKS}/{refused}").status_code in (400, 404), refused


@case(
    "links.edit.answers-the-whole-link", points=1, reason="After an edit the client shows the truth, not its own guess."
)
def test_edit(as_user):
    ann = as_user("ann")
    link = create(ann, "https://example.com/before")
    edited = edit(ann, link, url="https://example.com/after")
    assert_members(edited, MEMBERS)
    assert edited["url"] == "https://example.com/after"
    assert read(ann, link) == edited


@case(
    "links.edit.keeps-members-not-named",
    points=2,
    reason="A merge patch changes what it names and nothing else (RFC 7396).",
)
def test_merge(as_user):
    ann = as_user("ann")
    link = create(ann, "https://example.com/kept", expiresAt="2040-01-01T00:00:00Z")
    expected = dict(link)
    for change in ({"enabled": False}, {"url": "https://example.com/other"}, {"expiresAt": "2041-01-01T00:00:00.000Z"}):
        expected.update(change)
        edited = edit(ann, link, **change)
        assert {**edited, "updatedAt": None} == {**expected, "updatedAt": None}, change


@case("links.edit.moves-updated-at-alone", points=1, reason="createdAt is history; updatedAt tells when to look again.")
def test_updated_at(as_user):
    ann = as_user("ann")
    link = create(ann)
    time.sleep(0.02)
    edited = edit(ann, link, url="https://example.com/new")
    assert edited["createdAt"] == link["createdAt"]
    assert instant(edited["updatedAt"]) > instant(link["updatedAt"])


@case("links.edit.null-clears-the-expiry", points=1, reason="null removes a member in a merge patch (RFC 7396).")
def test_null_expiry(as_user):
    ann = as_user("ann")
    link = create(ann, expiresAt="2040-01-01T00:00:00Z")
    assert edit(ann, link, expiresAt=None)["expiresAt"] is None
    assert read(ann, link)["expiresAt"] is None


@case(
    "links.edit.null-is-refused-where-it-means-nothing",
    points=1,
    reason="A link without url or state cannot be followed.",
)
def test_null(as_user):
    ann = as_user("ann")
    link = create(ann)
    for member in ("url", "enabled"):
        assert_invalid(ann.patch(path(link), json={member: None}), member, member)
    assert read(ann, link) == link


@case(
    "links.edit.rejects-wrong-types", points=1, reason="'false' is a true string: coercion enables what was disabled."
)
def test_types(as_user):
    ann = as_user("ann")
    link = create(ann)
    for member, values in (
        ("enabled", ("false", "true", 0, 1, "", [], {})),
        ("expiresAt", (0, True, "soon", [])),
        ("url", (1, False, [])),
    ):
        for value in values:
            assert_invalid(ann.patch(path(link), json={member: value}), member, (member, value))
    assert read(ann, link) == link


@case(
    "links.edit.rejects-members-a-client-may-not-set",
    points=2,
    reason="The code is printed, the clicks are earned: neither is edited.",
)
def test_members(as_user):
    ann = as_user("ann")
    link = create(ann)
    for member, value in (
        ("code", unused_code()),
        ("id", "1"),
        ("clicks", 0),
        ("ownerId", "x"),
        ("createdAt", link["createdAt"]),
        ("shortUrl", link["shortUrl"]),
        ("version", 1),
        ("$set", {"enabled": False}),
        ("nonsense", None),
    ):
        assert_invalid(ann.patch(path(link), json={member: value}), member, member)
    assert read(ann, link) == link


@case(
    "links.edit.rejects-a-past-expiry",
    points=1,
    reason="To end a link now there is enabled: false, which can be undone.",
)
def test_past(as_user):
    ann = as_user("ann")
    link = create(ann)
    assert_invalid(ann.patch(path(link), json={"expiresAt": later(seconds=-5)}), "expiresAt")
    assert read(ann, link) == link


@case("links.edit.is-all-or-nothing", points=1, reason="A refused edit that half happened is found by the customer.")
def test_all_or_nothing(as_user, api):
    ann = as_user("ann")
    link = create(ann, "https://example.com/whole")
    assert_invalid(ann.patch(path(link), json={"url": "https://example.com/half", "enabled": "no"}), "enabled")
    assert read(ann, link) == link
    assert follow(api, link).headers["location"] == "https://example.com/whole"


@case(
    "links.edit.empty-patch-changes-nothing",
    points=1,
    reason="A patch that asks for nothing must not spoil others' ETags.",
)
def test_empty_patch(as_user):
    ann = as_user("ann")
    link = create(ann)
    before = etag(ann, link)
    response = ann.patch(path(link), json={})
    assert response.status_code == 200
    assert response.json() == link
    assert response.headers["etag"] == before == etag(ann, link)


@case("links.etag.is-strong-and-everywhere", points=1, reason="If-Match compares strong tags only (RFC 9110, 13.1.1).")
def test_etag(as_user):
    ann = as_user("ann")
    created = ann.post(LINKS, json={"url": "https://example.com/"})
    link = created.json()
    tag = created.headers["etag"]
    assert STRONG.fullmatch(tag), f"{tag} is not a strong ETag"
    assert ann.get(path(link)).headers["etag"] == tag
    assert ann.head(path(link)).headers["etag"] == tag
    patched = ann.patch(path(link), json={"enabled": False})
    assert STRONG.fullmatch(patched.headers["etag"])
    assert patched.headers["etag"] == etag(ann, link)


@case(
    "links.etag.changes-with-every-edit",
    points=2,
    reason="A tag that comes back lets an old copy overwrite a newer one.",
)
def test_etag_changes(as_user):
    ann = as_user("ann")
    link = create(ann)
    tags = [etag(ann, link)]
    for enabled in (False, True, False):
        tags.append(ann.patch(path(link), json={"enabled": enabled}).headers["etag"])
    assert len(set(tags)) == 4, tags


@case(
    "links.etag.stays-with-clicks", points=1, reason="A busy link must stay editable: clicks are counters, not edits."
)
def test_etag_clicks(as_user, api):
    ann = as_user("ann")
    link = create(ann)
    tag = etag(ann, link)
    assert follow(api, link).status_code == 302
    counted(ann, link, 1)
    assert etag(ann, link) == tag
    assert ann.patch(path(link), json={"enabled": False}, headers={"If-Match": tag}).status_code == 200


@case("links.etag.if-none-match-is-304", points=1, reason="A copy that is still good need not be sent again.")
def test_if_none_match(as_user):
    ann = as_user("ann")
    link = create(ann)
    tag = etag(ann, link)
    for given in (tag, f"W/{tag}", f'"other", {tag}', f'"other",W/{tag} , "more"', "*"):
        response = ann.get(path(link), headers={"If-None-Match": given})
        assert response.status_code == 304, f"{given}: {response.status_code}"
        assert response.content == b""
        assert response.headers["etag"] == tag
    assert ann.head(path(link), headers={"If-None-Match": tag}).status_code == 304
    assert ann.get(path(link), headers={"If-None-Match": '"other", "more"'}).status_code == 200
    edit(ann, link, enabled=False)
    assert ann.get(path(link), headers={"If-None-Match": tag}).status_code == 200


@case(
    "links.etag.old-if-match-is-412", points=2, reason="Without it the second of two editors silently undoes the first."
)
def test_if_match(as_user):
    ann = as_user("ann")
    link = create(ann)
    old = etag(ann, link)
    now = edit(ann, link, url="https://example.com/second")
    for given in (old, '"other"', f'"other", {old}', f"W/{etag(ann, link)}"):
        response = ann.patch(path(link), json={"url": "https://example.com/lost"}, headers={"If-Match": given})
        assert_problem(response, 412, what=given)
    assert read(ann, link) == now


@case("links.etag.if-match-takes-lists-and-star", points=1, reason="If-Match is a list or * (RFC 9110, 13.1.1).")
def test_if_match_forms(as_user):
    ann = as_user("ann")
    link = create(ann)
    for number, form in enumerate(("{}", '"other", {}', '{} ,"other"', "*")):
        given = form.format(etag(ann, link))
        response = ann.patch(path(link), json={"url": f"https://example.com/{number}"}, headers={"If-Match": given})
        assert response.status_code == 200, f"{given}: {response.text}"


@case(
    "links.etag.race-of-edits",
    points=3,
    race=True,
    reason="If-Match is checked in the write itself: a look before it loses edits.",
)
def test_race(as_user, server):
    ann = as_user("ann")
    link = create(ann)
    match = {"If-Match": etag(ann, link)}
    bodies = [{"url": f"https://example.com/{number}"} for number in range(20)]
    answers = volley(server.url, [json_request("PATCH", path(link), ann, body, match) for body in bodies])
    assert sorted(status for status, _ in answers) == [200] + [412] * 19
    assert read(ann, link) == next(edited for status, edited in answers if status == 200)


@case("links.delete.answers-204-and-is-gone", points=1, reason="Under its id a deleted link is as if it never was.")
def test_delete(as_user):
    ann = as_user("ann")
    link = create(ann)
    response = ann.delete(path(link))
    assert response.status_code == 204
    assert response.content == b""
    for tail in ("", "/stats", "/qr.svg"):
        assert_problem(ann.get(path(link, tail)), 404, what=tail)
    assert_problem(ann.patch(path(link), json={"enabled": True}), 404)
    assert_problem(ann.delete(path(link)), 404)


@case("links.delete.leaves-the-list", points=1, reason="A deleted link is not shown, nor found by its code.")
def test_delete_list(as_user):
    ann = as_user("ann")
    link = create(ann)
    ann.delete(path(link))
    for params in ({}, {"q": link["code"]}):
        items = ann.get(LINKS, params=params).json()["items"]
        assert link["id"] not in [item["id"] for item in items]


@case("links.delete.honours-if-match", points=1, reason="Deleting what someone has just changed is a lost update, too.")
def test_delete_if_match(as_user):
    ann = as_user("ann")
    link = create(ann)
    old = etag(ann, link)
    edit(ann, link, url="https://example.com/changed")
    assert_problem(ann.delete(path(link), headers={"If-Match": old}), 412)
    assert read(ann, link)["url"] == "https://example.com/changed"
    assert ann.delete(path(link), headers={"If-Match": etag(ann, link)}).status_code == 204


@case(
    "links.delete.code-stays-taken", points=2, reason="A code given out twice hijacks every poster it was printed on."
)
def test_code_stays_taken(as_user):
    ann = as_user("ann")
    link = create(ann, code=unused_code())
    assert ann.delete(path(link)).status_code == 204
    for code in (link["code"], link["code"].upper()):
        assert_problem(ann.post(LINKS, json={"url": "https://evil.example/", "code": code}), 409, what=code)
