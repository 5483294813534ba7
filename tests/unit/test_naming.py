"""A project's name is turned into one slug that every ecosystem accepts, or refused; never a third thing."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from generator.errors import ScaffoldError
from generator.naming import is_reserved, is_transliterated, slugify, title_from, title_of

SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
REFUSED = None

# What is typed, and the slug it becomes. Hostile, odd or merely careless; grouped as the issue groups them.
NAMES: dict[str, dict[str, str | None]] = {
    "plain": {
        "my-links": "my-links",
        "My Links": "my-links",
        "my_links": "my-links",
        "links2": "links2",
        "  padded  ": "padded",
        "dots.in.it": "dots-in-it",
        "yes": "yes",  # and the next ones: what YAML takes for a truth value or for nothing
        "off": "off",
        "y": "y",
        "it's": "it-s",
        "a--b": "a-b",
        "trailing-": "trailing",
        "a": "a",
    },
    "path separators": {
        "a/b": REFUSED,
        "/etc/passwd": REFUSED,
        "a\\b": REFUSED,
        "C:\\projects": REFUSED,
        "C:links": REFUSED,
        "a\N{FRACTION SLASH}b": REFUSED,
        "a\N{FULLWIDTH SOLIDUS}b": REFUSED,
        "~": REFUSED,
        "~root": REFUSED,
    },
    "dots": {
        ".": REFUSED,
        "..": REFUSED,
        "...": REFUSED,
        "../up": REFUSED,
        "..\\up": REFUSED,
        ".hidden": REFUSED,
        ".git": REFUSED,
        "a..b": "a-b",
        "end.": "end",
    },
    "leading dash or digit": {
        "-": REFUSED,
        "--": REFUSED,
        "-rf": REFUSED,
        "--help": REFUSED,
        "1st": REFUSED,
        "42": REFUSED,
        "_": REFUSED,
        "_links": "links",
        "\N{EN DASH}x": REFUSED,
    },
    "empty": {
        "": REFUSED,
        " ": REFUSED,
        "\t": REFUSED,
        "\N{NO-BREAK SPACE}": REFUSED,
        "\N{IDEOGRAPHIC SPACE}": REFUSED,
        "'": REFUSED,
    },
    "control characters": {
        "a\0b": REFUSED,
        "\0": REFUSED,
        "a\nb": REFUSED,
        "links\n": REFUSED,
        "a\rb": REFUSED,
        "a\tb": REFUSED,
        "a\x1b[31mb": REFUSED,
        "a\x7fb": REFUSED,
        "a\N{NEXT LINE}b": REFUSED,
        "a\N{LINE SEPARATOR}b": REFUSED,
        "a\N{PARAGRAPH SEPARATOR}b": REFUSED,
        "a\udcffb": REFUSED,
    },
    "length": {
        "a" * 50: "a" * 50,
        "a" * 51: REFUSED,
        "a" * 300: REFUSED,
        "a b " * 75: REFUSED,
        "\N{LATIN SMALL LIGATURE FFI}" * 17: REFUSED,
    },
    "Unicode": {
        "Café": "cafe",
        "cafe\N{COMBINING ACUTE ACCENT}": "cafe",
        "Ångström": "angstrom",
        "ｌｉｎｋｓ": "links",
        "liﬁed": "lified",
        "straße": "strasse",
        "ссылки": "ssylki",
        "链接": "lian-jie",
        "リンク": "rinku",
        "روابط": "rwbt",
        "pаypal": "paypal",  # its second letter is Cyrillic
        "ı": "i",
        "東京": "dong-jing",
        "京都 リンク": "jing-dou-rinku",
        "한국 링크": "hangug-lingkeu",
        "हिन्दी": "hindi",
        "עברית": "vryt",
        "Łódź": "lodz",
        "İstanbul": "istanbul",
        "東京" * 30: "dong-jing-dong-jing-dong-jing-dong-jing-dong-jing",
        "Б" * 60: "b" * 50,
        "1号": REFUSED,
        "٣": REFUSED,
        "\N{YI SYLLABLE ITERATION MARK}": "w",
        "\N{ROMAN NUMERAL ONE}": "i",
        "x\N{SUPERSCRIPT TWO}": "x2",
        "a\N{SOFT HYPHEN}b": REFUSED,
        "a\N{ZERO WIDTH SPACE}b": REFUSED,
        "a\N{ZERO WIDTH JOINER}b": REFUSED,
        "\N{ZERO WIDTH NO-BREAK SPACE}links": REFUSED,
        "a\N{HANGUL FILLER}b": REFUSED,
        "a\N{VARIATION SELECTOR-16}": REFUSED,
        "\ue000": REFUSED,
        "\U000e0041": REFUSED,
        "a\N{TAG LATIN SMALL LETTER A}": REFUSED,
    },
    "bidi": {
        "\N{RIGHT-TO-LEFT OVERRIDE}sknil": REFUSED,
        "a\N{RIGHT-TO-LEFT MARK}": REFUSED,
        "a\N{LEFT-TO-RIGHT ISOLATE}b\N{POP DIRECTIONAL ISOLATE}": REFUSED,
        "a\N{ARABIC LETTER MARK}b": REFUSED,
    },
    "emoji": {
        "🚀": REFUSED,
        "links🚀": REFUSED,
        "👩‍💻": REFUSED,
        "🇨🇭": REFUSED,
        "1️⃣": REFUSED,
    },
    "Windows device names": {
        "con": REFUSED,
        "CON": REFUSED,
        "Con ": REFUSED,
        "con.": REFUSED,
        "prn": REFUSED,
        "aux": REFUSED,
        "NUL": REFUSED,
        "com1": REFUSED,
        "com0": REFUSED,
        "COM\N{SUPERSCRIPT ONE}": REFUSED,
        "lpt9": REFUSED,
        "conin$": REFUSED,
        "con-links": "con-links",
        "com10": "com10",
    },
    "keywords": {
        "class": REFUSED,
        "import": REFUSED,
        "None": REFUSED,
        "lambda": REFUSED,
        "match": REFUSED,
        "async": REFUSED,
        "await": REFUSED,
        "function": REFUSED,
        "new": REFUSED,
        "package": REFUSED,
        "true": REFUSED,
        "null": REFUSED,
        "enum": REFUSED,
        "record": REFUSED,
        "class-links": "class-links",
    },
    "standard modules": {
        "json": REFUSED,
        "os": REFUSED,
        "sys": REFUSED,
        "Typing": REFUSED,
        "asyncio": REFUSED,
        "http": REFUSED,
        "this": REFUSED,
        "antigravity": REFUSED,
        "fs": REFUSED,
        "path": REFUSED,
        "crypto": REFUSED,
        "child_process": REFUSED,
        "worker-threads": REFUSED,
        "stream": REFUSED,
        "java": REFUSED,
        "json-links": "json-links",
    },
    "packages": {
        "express": REFUSED,
        "Zod": REFUSED,
        "fastapi": REFUSED,
        "SQL Alchemy": "sql-alchemy",
        "sqlalchemy": REFUSED,
        "pydantic_settings": REFUSED,
        "pydantic-settings": REFUSED,
        "argon2.cffi": REFUSED,
        "@types/node": REFUSED,
        "node_modules": REFUSED,
        "site-packages": REFUSED,
    },
    "folders of a project": {
        "app": REFUSED,
        "src": REFUSED,
        "tests": REFUSED,
        "test": REFUSED,
        "dist": REFUSED,
        "venv": REFUSED,
        "my-app": "my-app",
    },
    "quotes, shells and templates": {
        '"': REFUSED,
        'a"b': REFUSED,
        "a'b": "a-b",
        "a`b": REFUSED,
        "`id`": REFUSED,
        "$(id)": REFUSED,
        "$HOME": REFUSED,
        "${HOME}": REFUSED,
        "a;b": REFUSED,
        "a|b": REFUSED,
        "a&&b": REFUSED,
        "a>b": REFUSED,
        "a*": REFUSED,
        "a?b": REFUSED,
        "a!b": REFUSED,
        "a#b": REFUSED,
        "%PATH%": REFUSED,
        "a%00b": REFUSED,
        "<%= 7*7 %>": REFUSED,
        "{{ 7*7 }}": REFUSED,
        "${7*7}": REFUSED,
        "#{7*7}": REFUSED,
        "[[ 7*7 ]]": REFUSED,
        "#% endfor": REFUSED,
        "<script>": REFUSED,
        "a: b": REFUSED,
        "a,b": REFUSED,
        "a@b": REFUSED,
        "a=b": REFUSED,
        "a(b)": REFUSED,
        "[/bold]": REFUSED,
    },
}
PACKAGES = ("express", "zod", "@types/node", "fastapi", "SQLAlchemy", "pydantic-settings", "argon2-cffi")
EVERY_NAME = [
    pytest.param(typed, slug, id=ascii(typed)[1:-1][:40]) for group in NAMES.values() for typed, slug in group.items()
]


def test_at_least_sixty_hostile_names_are_listed() -> None:
    assert len(EVERY_NAME) >= 60


@pytest.mark.parametrize(("typed", "slug"), EVERY_NAME)
def test_a_name_becomes_its_slug_or_is_refused(typed: str, slug: str | None) -> None:
    if slug is not REFUSED:
        assert slugify(typed, reserved=PACKAGES) == slug
        return
    with pytest.raises(ScaffoldError) as refused:
        slugify(typed, reserved=PACKAGES)
    message = str(refused.value)
    assert message.isprintable(), "a hostile name may not break the line that refuses it"
    assert refused.value.fix, "every refusal says what to do"


@pytest.mark.parametrize(("typed", "slug"), EVERY_NAME)
def test_the_name_that_a_refusal_suggests_is_accepted(typed: str, slug: str | None) -> None:
    if slug is not REFUSED:
        return
    with pytest.raises(ScaffoldError) as refused:
        slugify(typed, reserved=PACKAGES)
    for suggested in re.findall(r"(?:such as|Try) '([^']*)'", str(refused.value)):
        assert slugify(suggested, reserved=PACKAGES) == suggested


any_text = st.text(max_size=120)
near_names = st.text(st.sampled_from("aAzZ09-_. '\"/\\é\u0301\u200b\0\n$<%={}[]#"), max_size=60)


@settings(max_examples=3000, deadline=None)
@given(any_text | near_names)
@example("a" * 50 + "-")
@example("-".join("a" * 26))
@example("\N{LATIN SMALL LIGATURE FFI}" * 16)
def test_every_accepted_name_is_a_valid_slug(typed: str) -> None:
    try:
        slug = slugify(typed, reserved=PACKAGES)
    except ScaffoldError:
        return
    assert SLUG.fullmatch(slug)
    assert len(slug) <= 50
    assert slugify(slug, reserved=PACKAGES) == slug, "a slug is its own slug"
    assert not is_reserved(slug, PACKAGES)


@settings(max_examples=300, deadline=None)
@given(st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,8}){0,4}", fullmatch=True))
def test_every_valid_slug_that_is_not_reserved_is_accepted_as_it_is(slug: str) -> None:
    if not is_reserved(slug, PACKAGES):
        assert slugify(slug, reserved=PACKAGES) == slug


@pytest.mark.parametrize(
    ("typed", "title"),
    {
        "my-links": "My Links",
        "my links": "My Links",
        "My Links": "My Links",
        "SQL Alchemy": "SQL Alchemy",
        " 東京 ": "東京",
        "Café  au\N{NO-BREAK SPACE}lait": "Café au lait",
        "cafe\N{COMBINING ACUTE ACCENT}": "café",
        "ссылки": "ссылки",
        "con": "Con",
    }.items(),
)
def test_a_title_is_what_was_typed_unless_it_looks_like_a_slug(typed: str, title: str) -> None:
    assert title_from(typed) == title


@settings(max_examples=2000, deadline=None)
@given(any_text | near_names)
def test_a_title_holds_nothing_that_breaks_out_of_a_file(typed: str) -> None:
    try:
        title = title_from(typed)
    except ScaffoldError:
        return
    assert title.isprintable()
    assert not set(title) & set('"\\`$<>{}[]()#%&|;:=*!?/@,+^~')
    assert title == title.strip()


def test_a_slug_is_a_guess_only_where_letters_were_transliterated() -> None:
    assert [name for name in ("links", "Café", "x²", "it’s", "東京", "Straße") if is_transliterated(name)] == [
        *("東京", "Straße")
    ]


def test_a_title_is_made_of_the_slug_s_words() -> None:
    assert title_of("my-short-links") == "My Short Links"
