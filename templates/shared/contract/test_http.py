"""Routes, methods, bodies, headers: what HTTP asks of every backend, whatever its idea."""

import json
import re
import uuid

import pytest
from people import AUTH
from wire import (
    Memory,
    assert_invalid,
    assert_problem,
    media_type,
    pour,
    request_bytes,
    sample_if_any,
    sample_of,
    status_of,
)

from generator.contract import case

JSON = {"Content-Type": "application/json"}
MIB = 1024 * 1024
FLOOD = 256 * MIB  # of a body that no server may keep


def post(client, openapi, content, headers=None):
    """POST these bytes as JSON to the sample collection."""
    return client.post(sample_of(openapi).collection, content=content, headers=JSON if headers is None else headers)


def member(openapi, value):
    """An otherwise good body whose text member is this piece of JSON."""
    sample = sample_of(openapi)
    others = {name: given for name, given in sample.body.items() if name != sample.text}
    return (
        json.dumps(others)[:-1].encode()
        + (b", " if others else b"")
        + json.dumps(sample.text).encode()
        + b": "
        + value
        + b"}"
    )


def concrete(openapi, as_user):
    """Path of the document → (the same with real ids, its methods)."""
    sample = sample_if_any(openapi)
    item = sample.make(as_user("ann")) if sample else {}
    return {
        path: (path.format(**item), {name.upper() for name in operations if not name.startswith(("x-", "param"))})
        for path, operations in openapi["paths"].items()
    }


@case("http.route.unknown-is-404", points=1, reason="A typing error in a path must not look like an empty list.")
def test_unknown_route(client, as_user, openapi):
    paths = [path for path, _ in concrete(openapi, as_user).values()]
    own = [path for path in paths if path.startswith("/api/v1/")]
    for who in (client(), as_user("ann")):
        for path in (
            "/api/v1/nope",
            "/api/v1",
            "/nope/deeper",
            "/.env",
            "/.git/config",
            "/api/v1/auth/nope",
            *("/api/v2" + path.removeprefix("/api/v1") for path in own),
            *(f"{path}/nope/deeper" for path in paths),
            *(path.upper() for path in paths),
        ):
            assert_problem(who.get(path), 404, what=path)


@case(
    "http.route.trailing-slash-is-another-route",
    points=1,
    reason="Two paths for one thing are cached and guarded apart.",
)
def test_trailing_slash(as_user, openapi):
    ann = as_user("ann")
    for path, _ in concrete(openapi, as_user).values():
        assert_problem(ann.get(f"{path}/"), 404, what=path)


@case(
    "http.method.wrong-is-405-with-allow",
    points=2,
    reason="404 would send one looking for a typing error (RFC 9110, 15.5.6).",
)
def test_method(client, as_user, openapi):
    stranger = client()
    stranger.csrf()
    for path, methods in concrete(openapi, as_user).values():
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - methods:
            response = stranger.request(method, path)
            assert_problem(response, 405, what=f"{method} {path}")
            allowed = {name.strip() for name in response.headers.get("allow", "").split(",")}
            assert methods <= allowed, f"{method} {path}: Allow is {allowed}"
            assert method not in allowed, f"{method} {path}: Allow is {allowed}"
            assert "HEAD" in allowed or "GET" not in methods, f"{method} {path}: Allow is {allowed}"


@case("http.method.trace-is-405", points=1, reason="TRACE echoes cookies to whoever can make a browser send it.")
def test_trace(client, as_user, openapi):
    stranger = client(headers={"X-Secret": "do-not-echo"})
    for path, _ in concrete(openapi, as_user).values():
        response = stranger.request("TRACE", path)
        assert_problem(response, 405, what=path)
        assert "do-not-echo" not in response.text


@case("http.method.head-answers-like-get", points=2, reason="HEAD is GET without the body (RFC 9110, 9.3.2).")
def test_head(as_user, openapi):
    ann = as_user("ann")
    paths = [path for path, methods in concrete(openapi, as_user).values() if "GET" in methods]
    paths += ["/docs", "/openapi.json", "/", "/api/v1/nope"]
    paths += [] if ann.auth == "none" else [f"{AUTH}/me"]
    paths += [f"{AUTH}/csrf"] if ann.auth == "session" else []
    for path in paths:
        get, head = ann.get(path), ann.head(path)
        assert head.status_code == get.status_code, f"{path}: GET {get.status_code}, HEAD {head.status_code}"
        assert head.content == b"", path
        assert media_type(head) == media_type(get), path


@case("http.body.missing-is-400", points=1, reason="An empty body is a lost one, more likely than a wish for nothing.")
def test_no_body(as_user, openapi):
    ann, sample = as_user("ann"), sample_of(openapi)
    path = sample.path(sample.make(ann))
    for headers in ({}, JSON):
        assert_problem(ann.post(sample.collection, headers=headers), 400, what=headers)
        assert_problem(ann.post(sample.collection, content=b"", headers=headers), 400, what=headers)
        if sample.change:
            assert_problem(ann.patch(path, headers=headers), 400, what=headers)


@case("http.body.malformed-json-is-400", points=1, reason="What cannot be parsed has no members to complain about.")
def test_malformed(as_user, openapi):
    ann = as_user("ann")
    for body in (
        b"{",
        b"}",
        b"nonsense",
        b"{'a': 1}",
        b'{"a": }',
        b'{"a": 1,}',
        b'{"a" 1}',
        b"[1,]",
        b'{"a": 1} {"b": 2}',
        b'{"a": 1}x',
        b'"half',
        b"undefined",
        b'{"a": 01}',
        b'{"a": .5}',
        b'{"a": +1}',
        b'{"a": 0x10}',
        b'{"a": "\n"}',
        b'{"a": "\\x"}',
        b'{/**/"a": 1}',
        b"url=https://example.com",
    ):
        assert_problem(post(ann, openapi, body), 400, what=body)


def refused_and_goes_on(client, openapi, content, what):
    """Assert that a hostile body is 400 or 422, and that the server takes the next good one."""
    response = post(client, openapi, content)
    assert response.status_code in (400, 422), f"{what!r}: expected 400 or 422, got {response.status_code}"
    assert_problem(response, response.status_code, what=what)
    assert sample_of(openapi).make(client), f"the request after {what!r}"


@case(
    "http.body.invalid-utf-8-is-refused",
    points=1,
    reason="JSON is UTF-8 (RFC 8259, 8.1). A server that repairs broken bytes stores other bytes.",
)
def test_utf8(as_user, openapi):
    ann = as_user("ann")
    for broken in (b"\xff", b"\xc3\x28", b"\xed\xa0\x80", b"\xc0\xaf", b"\xf5\x80\x80\x80", b"caf\xe9"):
        refused_and_goes_on(ann, openapi, member(openapi, b'"' + broken + b'"'), broken)


@case(
    "http.body.nan-is-refused",
    points=2,
    reason="NaN and Infinity are not JSON. Some parsers accept them, but no database does.",
)
def test_nan(as_user, openapi):
    ann = as_user("ann")
    for number in (b"NaN", b"Infinity", b"-Infinity", b"1e999", b"-1e999", b"[1, NaN]", b'{"a": {"b": Infinity}}'):
        refused_and_goes_on(ann, openapi, member(openapi, number), number)


@case("http.body.nul-is-refused", points=2, reason="PostgreSQL cannot store a NUL character, and C strings end at it.")
def test_nul(as_user, openapi):
    ann = as_user("ann")
    good = json.dumps(sample_of(openapi).body[sample_of(openapi).text])[:-1].encode()
    for value in (b'"\\u0000"', good + b'\\u0000"', b'"a\x00b"', b'["a", {"b": "\\u0000"}]', b'{"a\\u0000b": 1}'):
        refused_and_goes_on(ann, openapi, member(openapi, value), value)
    refused_and_goes_on(ann, openapi, b'{"\\u0000": 1}', "a member named NUL")


@case(
    "http.body.escaped-backslash-is-no-nul",
    points=1,
    reason=r"A search for \u0000 in the text hits \\u0000, which is harmless.",
)
def test_no_nul(as_user, openapi):
    assert_problem(post(as_user("ann"), openapi, b'{"harmless": "\\\\u0000"}'), 422)


@case(
    "http.body.ten-thousand-levels-are-refused",
    points=2,
    reason="A few kilobytes of [[[[ must not exhaust the stack of the server.",
)
def test_deep(as_user, openapi):
    ann = as_user("ann")
    for depth in (10_000, 100_000):
        refused_and_goes_on(ann, openapi, member(openapi, b"[" * depth + b"]" * depth), f"{depth} arrays")
        refused_and_goes_on(ann, openapi, member(openapi, b'{"a":' * depth + b"1" + b"}" * depth), f"{depth} objects")
    refused_and_goes_on(ann, openapi, b"[" * 500_000, "half a million arrays that are never closed")


@case("http.body.brackets-in-strings-are-not-depth", points=1, reason="Counting characters is not counting levels.")
def test_not_deep(as_user, openapi):
    assert_problem(post(as_user("ann"), openapi, b'{"harmless": "' + b"[" * 500 + b'"}'), 422)


@case("http.body.not-an-object-is-422", points=1, reason="It is JSON, well-formed, and has no members.")
def test_not_an_object(as_user, openapi):
    ann = as_user("ann")
    for body in (b"[]", b"null", b"true", b"1", b'"text"', b'[{"a": 1}]', b" null "):
        assert_invalid(post(ann, openapi, body), "", body)


@case(
    "http.body.unknown-member-is-422",
    points=1,
    reason="A misspelt member is a wish unheard; an unexpected one an attack.",
)
def test_unknown_member(as_user, openapi):
    ann, sample = as_user("ann"), sample_of(openapi)
    for name in ("nonsense", "role", "isAdmin", "id", "$where", "nested.name", "\u00e9", ""):
        assert_invalid(ann.post(sample.collection, json={**sample.body, name: "x"}), name, name)


@case(
    "http.body.prototype-members-are-unknown",
    points=1,
    reason="__proto__ in a body must not reach every object of the process.",
)
def test_prototype(as_user, openapi):
    ann, sample = as_user("ann"), sample_of(openapi)
    good = json.dumps(sample.body)[:-1].encode()
    for name in (b"__proto__", b"constructor", b"prototype"):
        assert_problem(post(ann, openapi, good + b', "' + name + b'": {"polluted": "yes"}}'), 422, what=name)
    assert "polluted" not in sample.make(ann)


@case(
    "http.body.operators-are-422", points=2, reason="A query operator in place of a value turns a look-up into a scan."
)
def test_operators(as_user, openapi):
    ann, sample = as_user("ann"), sample_of(openapi)
    for operator in ({"$gt": ""}, {"$ne": None}, {"$where": "sleep(5000)"}, {"$regex": ".*"}, [{"$gt": ""}]):
        assert_invalid(ann.post(sample.collection, json={**sample.body, sample.text: operator}), sample.text, operator)


@case(
    "http.body.other-content-types-are-415",
    points=2,
    reason="A form can be posted from a foreign page without CORS; JSON cannot.",
)
def test_content_type(as_user, openapi):
    ann, sample = as_user("ann"), sample_of(openapi)
    body = json.dumps(sample.body).encode()
    for content_type in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/json",
        "application/xml",
        "application/jsonp",
        "application",
        "*/*",
    ):
        assert_problem(post(ann, openapi, body, {"Content-Type": content_type}), 415, what=content_type)
    assert_problem(post(ann, openapi, body, {}), 415, what="no content type")
    if sample.change:
        path, body = sample.path(sample.make(ann)), json.dumps(sample.change).encode()
        assert_problem(ann.patch(path, content=body, headers={"Content-Type": "text/plain"}), 415)


@case("http.body.json-may-name-its-charset", points=1, reason="Many clients send charset=utf-8, which JSON is anyway.")
def test_charset(as_user, openapi):
    ann = as_user("ann")
    for content_type in (
        "application/json; charset=utf-8",
        "application/json;charset=UTF-8",
        'application/json; charset="utf-8"',
        "APPLICATION/JSON",
    ):
        sample = sample_of(openapi)
        response = post(ann, openapi, json.dumps(sample.body).encode(), {"Content-Type": content_type})
        assert response.status_code == sample.success, f"{content_type}: {response.text}"


@case("http.body.declared-too-large-is-413", points=2, reason="The limit holds for a body that declares its length.")
def test_declared(as_user, openapi, raw):
    ann, sample = as_user("ann"), sample_of(openapi)
    for length in (MIB + 1, 4 * MIB):
        head = request_bytes("POST", sample.collection, ann, {**JSON, "Content-Length": str(length)})
        assert status_of(raw(head + b" " * length)) == 413, f"{length} bytes declared and sent"


@case("http.body.streamed-too-large-is-413", points=2, reason="A chunked body declares no length: it must be counted.")
def test_streamed(as_user, openapi, raw):
    ann, sample = as_user("ann"), sample_of(openapi)
    head = request_bytes("POST", sample.collection, ann, {**JSON, "Transfer-Encoding": "chunked"})
    chunk = b"10000\r\n" + b" " * 65536 + b"\r\n"
    assert status_of(raw(head + chunk * 16 + b"1\r\n \r\n0\r\n\r\n")) == 413, "one byte over 1 MiB"
    assert status_of(raw(head + chunk * 64 + b"0\r\n\r\n")) == 413, "4 MiB"


@case(
    "http.body.too-large-leaves-the-client-going",
    points=2,
    reason="Who sends too much must hear so, and be served again, on the old connection or a new one.",
)
def test_after_too_large(as_user, openapi):
    ann, sample = as_user("ann"), sample_of(openapi)
    for megabytes in (2, 10):
        assert_problem(post(ann, openapi, (b" " * 65536 for _ in range(16 * megabytes))), 413, what=f"{megabytes} MiB")
        assert sample.make(ann), f"the request after {megabytes} MiB in chunks"


@case(
    "http.body.too-large-keeps-memory-bounded",
    points=2,
    reason="Many visitors may send too much at the same time: what is over the limit must not be kept.",
    needs=("process",),
)
def test_body_memory(server, as_user, openapi):
    if not Memory.can_be_seen():
        pytest.skip("this system does not show the memory of other processes")
    ann, sample = as_user("ann"), sample_of(openapi)
    chunked = request_bytes("POST", sample.collection, ann, {**JSON, "Transfer-Encoding": "chunked"})
    declared = request_bytes("POST", sample.collection, ann, {**JSON, "Content-Length": str(FLOOD)})
    for what, head, piece in (
        ("in chunks", chunked, b"10000\r\n" + b" " * 65536 + b"\r\n"),
        ("declared", declared, b" " * 65536),
    ):
        with Memory(server.pid) as memory:
            poured = pour(server.url, head, piece, FLOOD, b"0\r\n\r\n" if head is chunked else b"")
        # A collector may let buffers gather before it frees them (V8: 64 MiB, and a little more on a busy machine). Who
        # keeps the body needs 256 and more.
        assert memory.growth < 128, f"{poured.sent // MIB} MiB {what} cost {memory.growth:.0f} MiB of memory"
        assert status_of(poured.answer) in (413, 0), f"{what}: {poured.answer[:80]!r}"
        assert status_of(poured.answer) == 413 or poured.closed, f"{what}: neither 413 nor closed"
        assert sample.make(ann), f"the request after {poured.sent // MIB} MiB {what}"


@case(
    "http.headers.more-than-64-kib-are-refused",
    points=2,
    reason="Headers are read before anything is known of the visitor: without a limit anyone can fill the memory.",
)
def test_large_headers(server, api):
    opening = b"GET /health HTTP/1.1\r\nHost: contract.test\r\n"
    lines = b"".join(b"X-Flood-%04d: %s\r\n" % (number, b"a" * 1000) for number in range(64))
    for what, begun, piece, most in (
        ("one header of 80 KiB", opening + b"X-Flood: ", b"a" * 1024, 80 * 1024),
        ("one header of 8 MiB", opening + b"X-Flood: ", b"a" * 65536, 8 * MIB),
        ("80 headers of 1 KiB", opening + lines, b"X-More: " + b"a" * 1014 + b"\r\n", 80 * 1024),
        ("a path of 8 MiB", b"GET /", b"a" * 65536, 8 * MIB),
    ):
        ending = b" HTTP/1.1\r\nHost: contract.test\r\n\r\n" if what.startswith("a path") else b"\r\n\r\n"
        poured = pour(server.url, begun, piece, most, ending.removeprefix(b"\r\n" if piece[-1:] == b"\n" else b""))
        status = status_of(poured.answer)
        allowed = {431, 414} if what.startswith("a path") else {431}
        assert status in allowed or (poured.closed and not 100 <= status < 400), f"{what}: {poured.answer[:80]!r}"
        assert api.get("/health").status_code == 200, f"after {what}"


@case(
    "http.headers.too-large-keep-memory-bounded",
    points=2,
    reason="A header that is refused only after it was kept has cost the memory all the same.",
    needs=("process",),
)
def test_header_memory(server, api):
    if not Memory.can_be_seen():
        pytest.skip("this system does not show the memory of other processes")
    opening = b"GET /health HTTP/1.1\r\nHost: contract.test\r\nX-Flood: "
    with Memory(server.pid) as memory:
        poured = pour(server.url, opening, b"a" * 65536, 64 * MIB, b"\r\n\r\n")
    assert memory.growth < 32, f"{poured.sent // MIB} MiB in one header cost {memory.growth:.0f} MiB of memory"
    assert api.get("/health").status_code == 200


@case("http.body.limit-itself-is-allowed", points=1, reason="Larger than the limit is refused, not as large.")
def test_limit(as_user, openapi):
    ann = as_user("ann")
    body = b'{"padding": "' + b"x" * (MIB - 15) + b'"}'
    assert len(body) == MIB
    assert_problem(post(ann, openapi, body), 422)

    def chunks():
        for start in range(0, MIB, 65536):
            yield body[start : start + 65536]

    assert_problem(post(ann, openapi, chunks()), 422, what="chunked")


@case(
    "http.body.strangers-bodies-are-not-judged",
    points=1,
    reason="A visitor who is not signed in learns that first, and nothing about the members of a body.",
    needs=("resource",),
    auth=("jwt", "session"),
)
def test_order(client, openapi):
    stranger, sample = client(), sample_of(openapi)
    stranger.csrf()
    bodies = ({}, {**sample.body, "nonsense": 1}, {**sample.body, sample.text: 1}, {sample.text: None}, [], None)
    for body in bodies:
        assert_problem(post(stranger, openapi, json.dumps(body).encode()), 401, what=body)
    for body, headers, others in (
        (b"{", JSON, {400}),
        (b"x", {"Content-Type": "text/plain"}, {415}),
        (b" " * (MIB + 1), JSON, {413}),
    ):
        response = post(stranger, openapi, body, headers)
        assert response.status_code in {401, *others}, f"{body[:10]!r}: {response.status_code}"
        assert_problem(response, response.status_code, what=body[:10])


@case(
    "http.route.strangers-learn-no-ids",
    points=2,
    reason="404 for a visitor who is not signed in tells which ids do not exist, and so which do.",
    needs=("resource",),
    auth=("jwt", "session"),
)
def test_no_ids(as_user, client, openapi):
    ann, stranger, sample = as_user("ann"), client(), sample_of(openapi)
    stranger.csrf()
    # Nothing has such an id, so that nobody learns anything from a route that does not take it.
    nonsense = sample.path({"id": "nonsense"})
    asked = [("GET", None), ("DELETE", None), *([("PATCH", sample.change)] if sample.change else [])]
    for method, body in asked:
        seen = stranger.request(method, nonsense, json=body).status_code
        assert seen in {401, 404}, f"{method} {nonsense} answered {seen}"
    for item in (sample.make(ann), {"id": str(uuid.uuid4())}):
        path = sample.path(item)
        assert_problem(stranger.get(path), 401, what=f"GET {path}")
        if sample.change:
            assert_problem(stranger.patch(path, json=sample.change), 401, what=f"PATCH {path}")
            assert_problem(stranger.patch(path, json={"nonsense": 1}), 401, what=f"PATCH {path} with an unknown member")
        assert_problem(stranger.delete(path), 401, what=f"DELETE {path}")


def answers(openapi, as_user, client):
    """One answer of each kind that can be had without breaking anything."""
    ann, stranger, sample = as_user("ann"), client(), sample_if_any(openapi)
    if sample:
        item = sample.make(ann)
        path = sample.path(item)
        yield "200 list", ann.get(sample.list)
        yield "POST", ann.post(sample.collection, json=sample.body)
        if sample.makes_items:
            yield "200 item", ann.get(path)
            yield "200 HEAD", ann.head(path)
        if sample.change:
            tag = ann.get(path).headers["etag"]
            yield "304", ann.get(path, headers={"If-None-Match": tag})
            yield "200 PATCH", ann.patch(path, json=sample.change)
            yield "412", ann.patch(path, json=sample.change, headers={"If-Match": tag})
        yield "public", stranger.get(sample.public.format(**item))
        yield "204", ann.delete(path)
        yield "400", post(ann, openapi, b"{")
        yield "404", ann.delete(path)
        yield "413", post(ann, openapi, b" " * (MIB + 1))
        yield "415", post(ann, openapi, b"x", {"Content-Type": "text/plain"})
        yield "422", post(ann, openapi, b"{}")
    yield "404 route", stranger.get("/api/v1/nope")
    yield "405", stranger.request("PUT", "/health")
    yield "405 TRACE", stranger.request("TRACE", "/health")
    for path, operations in openapi["paths"].items():
        if "get" in operations and "{" not in path:
            yield path, stranger.get(path)
    yield "openapi", stranger.get("/openapi.json")
    yield "docs", stranger.get("/docs")
    asked = {"Origin": "https://x.example", "Access-Control-Request-Method": "POST"}
    yield "OPTIONS", stranger.request("OPTIONS", "/api/v1/nope", headers=asked)


@case(
    "http.headers.security-on-every-answer", points=2, reason="An error page without them is the page an attacker uses."
)
def test_security_headers(openapi, as_user, client):
    for name, response in answers(openapi, as_user, client):
        what = f"{name} ({response.status_code})"
        assert response.headers.get("x-content-type-options") == "nosniff", f"{what}: no nosniff"
        assert response.headers.get("referrer-policy"), f"{what}: no Referrer-Policy"
        policy = response.headers.get("content-security-policy", "")
        assert re.search(r"(^|;)\s*frame-ancestors\s+'none'\s*(;|$)", policy), (
            f"{what}: Content-Security-Policy is {policy!r}"
        )


@case(
    "http.headers.request-id-on-every-answer", points=1, reason="A report from a customer leads to its line in the log."
)
def test_request_id(openapi, as_user, client):
    seen = []
    for name, response in answers(openapi, as_user, client):
        seen.append(response.headers.get("x-request-id", ""))
        assert re.fullmatch(r"[A-Za-z0-9._-]{1,128}", seen[-1]), f"{name}: X-Request-Id is {seen[-1]!r}"
    assert len(set(seen)) == len(seen), "two requests share an id"


@case("http.headers.name-no-software", points=1, reason="Name and version tell a scanner which holes to try.")
def test_no_banner(openapi, as_user, client):
    for name, response in answers(openapi, as_user, client):
        assert "server" not in response.headers, f"{name}: Server: {response.headers['server']}"
        assert "x-powered-by" not in response.headers, f"{name}: X-Powered-By: {response.headers['x-powered-by']}"


@case("http.request-id.is-kept-from-the-client", points=1, reason="One id through all services follows a request.")
def test_kept_id(api):
    for given in ("a", "7f3c.A-b_c", "x" * 128, "00000000-0000-4000-8000-000000000000"):
        for path in ("/health", "/api/v1/nope"):
            assert api.get(path, headers={"X-Request-Id": given}).headers["x-request-id"] == given


@case(
    "http.request-id.is-replaced-if-unfit",
    points=1,
    reason="What goes into log lines and headers must not be anyone's text.",
)
def test_unfit_id(api):
    for given in ("x" * 129, "a b", "a/b", "<script>", "a,b", "a:b", 'a"b', "caf\u00e9", "a;b=c", ""):
        answered = api.get("/health", headers={"X-Request-Id": given.encode()}).headers["x-request-id"]
        assert answered != given, f"{given!r} became {answered!r}"
        assert re.fullmatch(r"[A-Za-z0-9._-]{1,128}", answered), f"{given!r} became {answered!r}"


@case("http.problems.have-one-shape", points=1, reason="One error handler in the client serves every error (RFC 9457).")
def test_problems(openapi, as_user, client):
    for name, response in answers(openapi, as_user, client):
        if response.status_code >= 400 and name != "OPTIONS":
            assert_problem(response, response.status_code, what=name)


@case(
    "http.injection.text-stays-text",
    points=2,
    needs=("resource",),
    reason="SQL, operators and markup in a value are data to keep, not to run.",
)
def test_injection(as_user, openapi):
    ann, sample = as_user("ann"), sample_of(openapi)
    kept = sample.make(ann)
    for text in (
        "' OR '1'='1",
        "'; DROP TABLE users; --",
        '" OR 1=1',
        "$where: sleep(2000)",
        "{{7*7}}",
        "${7*7}",
        "<%= 7*7 %>",
        "../../etc/passwd",
        "a' UNION SELECT 1,2,3 --",
    ):
        listed = ann.get(sample.collection, params={"q": text})
        assert listed.status_code == 200, f"{text!r} as a search found {listed.text[:100]}"
        if sample.searched:
            assert listed.json()["items"] == [], f"{text!r} as a search found {listed.text[:100]}"
        assert_problem(ann.get(sample.collection, params={"cursor": text}), 422, what=text)
        assert_problem(ann.get(sample.collection, params={"limit": text}), 422, what=text)
        assert_problem(ann.get(f"{sample.collection}/{text.replace('/', '%2F').replace('?', '%3F')}"), 404, what=text)
    assert ann.get(sample.path(kept)).json() == kept
