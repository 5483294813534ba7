"""Where a link may lead."""

import pytest

from app.links.target_url import check_target_url, is_own, referrer_host, to_ascii


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com",
        "HTTPS://EXAMPLE.COM:65535/?q=%00#x",
        "https://example.com/path@with/at:and:colons",
        "https://bücher.example/ü",
        "http://[2001:db8::1]:8080/",
        "http://127.0.0.1/",
        "http://example.com:/",
    ],
)
def test_valid_urls_are_returned_unchanged(url: str) -> None:
    assert check_target_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.com",
        "//example.com",
        "/path",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://example.com",
        "file:///etc/passwd",
        "https:example.com",
        "https:/example.com",
        "https://",
        "https:///path",
        "https://:80/",
        "https://ann@example.com/",
        "https://ann:secret@example.com/",
        "https://example.com@evil.example",
        "https://example.com:65536/",
        "https://example.com:http/",
        "https://example.com:-1/",
        "https://[::1/",
        "https://[evil]/",
        " https://example.com",
        "https://example.com/a b",
        "https://example.com/\u2028",
        "https://example.com/\u00a0",
        "https://example.com/\r\nSet-Cookie: a=b",
        "https://example.com/\0",
        "https://example.com/\x7f",
        "https://example.com/\x85",
        "https://example.com\\@evil.example/",
    ],
)
def test_invalid_urls_are_rejected(url: str) -> None:
    with pytest.raises(ValueError, match="m"):
        check_target_url(url)


@pytest.mark.parametrize(
    ("url", "public_url"),
    [
        ("https://sho.rt/abc", "http://sho.rt"),
        ("http://SHO.RT:9999", "http://sho.rt:3000"),
        ("http://sho.rt.", "http://sho.rt"),
        ("http://%73ho.rt", "http://sho.rt"),
        ("http://ｓｈｏ.ｒｔ", "http://sho.rt"),
        ("http://sho。rt", "http://sho.rt"),
        ("http://xn--bcher-kva.example", "http://bücher.example"),
        ("http://127.1", "http://127.0.0.1:3000"),
        ("http://0x7f000001", "http://127.0.0.1"),
        ("http://2130706433", "http://127.0.0.1"),
        ("http://0177.0.0.1", "http://127.0.0.1"),
        ("http://[0:0:0:0:0:0:0:1]", "http://[::1]:3000"),
        ("http://straße.example/x", "https://xn--strae-oqa.example"),
    ],
)
def test_own_host_is_recognised_in_every_spelling(url: str, public_url: str) -> None:
    assert is_own(url, public_url)


@pytest.mark.parametrize("url", ["http://sho.rt.example", "http://not-sho.rt", "http://example.com/sho.rt"])
def test_other_hosts_are_not_taken_for_our_own(url: str) -> None:
    assert not is_own(url, "http://sho.rt")


@pytest.mark.parametrize(
    ("referrer", "host"),
    [
        ("https://News.Example:8080/page?q=1", "news.example"),
        ("about:blank", ""),
        ("", ""),
        ("https://[", ""),
        ("https://" + "x" * 254, ""),
    ],
)
def test_referrer_is_reduced_to_its_host(referrer: str, host: str) -> None:
    assert referrer_host(referrer) == host


@pytest.mark.parametrize(
    "url", ["HTTP://EXAMPLE.com:80/a/../%7eb?#", "https://xn--bcher-kva.example/caf%c3%a9"]
)
def test_an_ascii_url_is_sent_byte_for_byte(url: str) -> None:
    assert to_ascii(url) == url
