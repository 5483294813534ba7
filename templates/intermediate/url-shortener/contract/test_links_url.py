"""Which targets a link may have: a shortener hides its target, so an unsafe one is worse than elsewhere."""

from urllib.parse import urlsplit

from shortener import LINKS, create, path, read
from variants import development
from wire import assert_invalid, assert_problem

from generator.contract import case


def refuse(client, *urls):
    """Every one of these targets is a 422 that names ``url``."""
    for url in urls:
        assert_invalid(
            client.post(LINKS, json={"url": url}), "url", url if len(str(url)) < 200 else f"{str(url)[:60]}…"
        )


@case(
    "links.create.keeps-the-url-as-sent", points=2, reason="A normalised URL can be another URL, or break a signature."
)
def test_kept(as_user):
    ann = as_user("ann")
    for url in (
        "https://example.com",
        "https://example.com/?",
        "https://example.com/#",
        "HTTPS://EXAMPLE.com:443/A/../b/./c//d?B=2&a=1&a=#Frag%2fment",
        "http://example.com:80/%7euser/%41%2f?q=%e2%82%AC+%20",
        "https://example.com/a;v=1,2/(x)!$&'*=:@~?x=/?:@",
        "https://medium.example/@user?mail=a@b.example",
        "http://[2001:db8::1]:8080/path",
        "http://192.0.2.7/",
        "https://b\u00fccher.example/stra\u00dfe?q=\u65e5\u672c\u8a9e#\U0001f600",
        "https://example.com/cafe\u0301",
        "https://example.com/?next=javascript:alert(1)//http://x",
    ):
        link = create(ann, url)
        assert link["url"] == url
        assert read(ann, link)["url"] == url


@case("links.create.accepts-2048-characters", points=1, reason="The limit counts characters as people do: code points.")
def test_longest(as_user):
    ann = as_user("ann")
    for letter in ("a", "\u00e9", "\U0001f600"):
        url = "https://example.com/".ljust(2048, letter)
        assert create(ann, url)["url"] == url


@case("links.create.rejects-2049-characters", points=1, reason="Some browsers and proxies cut longer URLs off.")
def test_too_long(as_user):
    refuse(
        as_user("ann"),
        "https://example.com/".ljust(2049, "a"),
        "https://example.com/".ljust(2049, "\u00e9"),
        "https://example.com/".ljust(20000, "a"),
    )


@case(
    "links.create.rejects-javascript-url", points=2, reason="A short link must not run script in its visitor's browser."
)
def test_javascript(as_user):
    refuse(
        as_user("ann"),
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "javascript://example.com/%0aalert(1)",
        "java\tscript:alert(1)",
        " javascript:alert(1)",
        "\u0001javascript:alert(1)",
    )


@case(
    "links.create.rejects-other-schemes", points=2, reason="Only http and https are places on the web to send people."
)
def test_schemes(as_user):
    refuse(
        as_user("ann"),
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://example.com/",
        "mailto:ann@example.com",
        "blob:https://example.com/1",
        "view-source:https://example.com/",
        "ws://example.com/",
        "httpx://example.com/",
        "http+unix://example.com/",
        "tel:123",
        "intent://example.com/",
        "about:blank",
    )


@case("links.create.rejects-relative-urls", points=1, reason="A relative target would lead back to the shortener.")
def test_relative(as_user):
    refuse(
        as_user("ann"),
        "",
        "/",
        "/path",
        "//example.com/",
        "example.com",
        "www.example.com/a",
        "?q=1",
        "#x",
        "http",
        "https:",
        "http:example.com",
        "https:/example.com",
        "://example.com",
    )


@case("links.create.rejects-url-without-host", points=1, reason="Browsers repair an empty host each in their own way.")
def test_no_host(as_user):
    refuse(
        as_user("ann"),
        "http://",
        "https://",
        "https:///path",
        "http://?q=1",
        "http://#f",
        "https://:443/",
        "http:///example.com",
    )


@case("links.create.rejects-a-bad-port", points=1, reason="A target that no client can connect to is a typing error.")
def test_bad_port(as_user):
    refuse(
        as_user("ann"),
        "https://example.com:65536/",
        "https://example.com:99999",
        "https://example.com:abc/",
        "https://example.com:-1/",
        "https://example.com:80:80/",
        "https://example.com:8o/",
    )


@case("links.create.rejects-credentials-in-the-url", points=2, reason="bank.example@evil.example reads as the bank.")
def test_credentials(as_user):
    refuse(
        as_user("ann"),
        "https://user:secret@example.com/",
        "https://user@example.com/",
        "https://@example.com/",
        "https://:secret@example.com/",
        "https://bank.example@evil.example",
        "https://a@b@example.com/?x",
        "https://user:secret@example.com?x",
        "https://user:secret@example.com#x",
    )


@case(
    "links.create.rejects-control-characters-in-the-url",
    points=2,
    reason="CR LF in a target splits the Location header.",
)
def test_controls(as_user):
    refuse(
        as_user("ann"),
        "https://example.com/\r\nSet-Cookie:%20a=b",
        "https://example.com/\n",
        "\nhttps://example.com/",
        "https://example.com/\ta",
        "https://exa\tmple.com/",
        "https://example.com/\u001b[31m",
        "https://example.com/\u007f",
        "https://example.com/\u0085",
        "https://example.com/\u009f",
        "https://example.com/\u0001",
    )


@case("links.create.rejects-white-space-in-the-url", points=1, reason="Clients trim or encode it differently.")
def test_white_space(as_user):
    refuse(
        as_user("ann"),
        " https://example.com/",
        "https://example.com/ ",
        "https://example.com/a b",
        "https://exam ple.com/",
        "https://example.com/\u00a0",
        "https://example.com/\u2003a",
        "https://example.com/\u2028",
        "https://example.com/\u3000",
    )


@case(
    "links.create.rejects-backslashes-in-the-url",
    points=1,
    reason="Browsers read \\ as /, parsers do not: hosts differ.",
)
def test_backslash(as_user):
    refuse(
        as_user("ann"),
        "https:\\\\example.com\\",
        "https://good.example\\@evil.example/",
        "https://example.com/a\\b",
        "http:\\/example.com",
        "https://example.com?\\",
    )


@case(
    "links.create.rejects-lone-surrogates", points=1, reason="Half a character cannot be written as UTF-8 in a header."
)
def test_surrogates(as_user):
    ann = as_user("ann")
    for half in (rb"\ud800", rb"\udfff", rb"\ude00\ud83d"):
        body = b'{"url": "https://example.com/' + half + b'"}'
        response = ann.post(LINKS, content=body, headers={"Content-Type": "application/json"})
        assert response.status_code in (400, 422), f"{half!r}: {response.status_code}"
        assert_problem(response, response.status_code, what=half)


@case(
    "links.create.rejects-urls-of-other-types",
    points=1,
    reason="Types are never coerced, and objects never reach a query.",
)
def test_types(as_user):
    refuse(as_user("ann"), None, 1, True, 1.5, [], ["https://example.com/"], {}, {"$gt": ""})


@case("links.create.needs-a-url", points=1, reason="A missing member is named, not guessed.")
def test_missing(as_user):
    assert_invalid(as_user("ann").post(LINKS, json={}), "url")


@case("links.create.rejects-the-own-host", points=2, reason="A link to the shortener itself can loop for ever.")
def test_own_host(as_user, server):
    host = urlsplit(server.public_url).hostname
    refuse(
        as_user("ann"),
        server.public_url,
        f"http://{host}",
        f"https://{host}/abc",
        f"http://{host}:1/x",
        f"HTTP://{host.upper()}:65535/",
        f"http://{host}?x",
        f"https://{host}#x",
        f"http://{host}./",
    )


@case(
    "links.create.rejects-the-own-host-in-disguise", points=2, reason="Browsers resolve 127.1 and %31 to the same host."
)
def test_own_host_in_disguise(as_user, server):
    host = urlsplit(server.public_url).hostname
    octets = host.split(".")
    escaped = f"%{ord(host[0]):02x}{host[1:]}"
    wide = chr(ord(host[0]) + 0xFEE0) + host[1:]
    forms = [escaped, escaped.upper(), wide, f"{host}%2e"]
    if "." in host:
        forms += [host.replace(".", "\u3002"), host.replace(".", "%2E")]
    if len(octets) == 4 and all(octet.isdigit() for octet in octets):
        a, b, c, d = map(int, octets)
        number = (a << 24) + (b << 16) + (c << 8) + d
        forms += [
            str(number),
            hex(number),
            f"0x{a:x}.0x{b:x}.0x{c:x}.0x{d:x}",
            f"0{a:o}.0{b:o}.0{c:o}.0{d:o}",
            f"{a}.{(b << 16) + (c << 8) + d}",
        ]
    refuse(as_user("ann"), *(f"http://{form}/" for form in forms))


@case(
    "links.create.rejects-the-own-host-in-unicode",
    points=2,
    reason="xn--strae-oqa.example and stra\u00dfe.example are one host: a link to it can loop for ever.",
    needs=("process",),
)
def test_own_host_in_unicode(variant):
    ann = development(variant).as_user("ann")
    refuse(
        ann,
        "http://stra\u00dfe.example/x",
        "https://stra\u00dfe.EXAMPLE:8443/x",
        "https://xn--strae-oqa.example/x",
        "https://XN--STRAE-OQA.EXAMPLE:1/",
        "https://\uff53tra\u00dfe\u3002example/",
        "https://stra%C3%9Fe.example/",
    )
    for url in ("http://strasse.example/x", "https://b\u00fccher.example/stra\u00dfe.example"):
        assert create(ann, url)["url"] == url


@case(
    "links.create.accepts-hosts-that-resemble-the-own",
    points=1,
    reason="Only the host itself is refused, not its letters.",
)
def test_similar_hosts(as_user, server):
    host = urlsplit(server.public_url).hostname
    ann = as_user("ann")
    for url in (
        f"https://{host}.example.com/",
        f"https://example.com/{host}",
        f"https://example.com/?u=http://{host}/",
        f"https://x{host}.example/",
    ):
        assert create(ann, url)["url"] == url


@case(
    "links.edit.target-rules-hold-for-edits",
    points=2,
    reason="A harmless link that turns bad later is the classic trick.",
)
def test_edits(as_user, server):
    ann = as_user("ann")
    link = create(ann, "https://example.com/safe")
    for url in (
        "javascript:alert(1)",
        "ftp://example.com/",
        "https://user:secret@example.com/",
        "https://example.com/\r\nX: y",
        "/path",
        "https://example.com/\\",
        "https://example.com/".ljust(2049, "a"),
        server.public_url,
        None,
        1,
        {"$set": 1},
        "",
    ):
        assert_invalid(ann.patch(path(link), json={"url": url}), "url", str(url)[:80])
    assert read(ann, link) == link
