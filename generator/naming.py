"""Project names: what a user types is the title, in any script, and gives a slug that every ecosystem accepts.

Manifests, folders and containers get the slug. The title is for people, and holds letters, digits and a few signs
only, so nothing a user types can break a manifest, a shell line or a template.
"""

from __future__ import annotations

import keyword
import re
import sys
import unicodedata
from collections.abc import Collection

from generator.errors import ScaffoldError

MAX_TYPED = 100
MAX_SLUG = 50

_SLUG = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_SIGNS = " ._'’·・-"
_SEPARATORS = re.compile(r"[\s._'’·・-]+")
_IDENTIFIER = re.compile(r"[a-z0-9 ._'-]+")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Me"})
# Letters and marks that show nothing (Unicode: Default_Ignorable_Code_Point).
_BLANK = re.compile(r"[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")

# Names that Windows gives to devices, whatever the extension (Microsoft: Naming Files, Paths, and Namespaces).
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", "conin", "conout", "clock"}
    | {f"{stem}{n}" for stem in ("com", "lpt") for n in range(10)}
)
# Names that a manifest or a folder convention already uses.
_TAKEN = frozenset(
    {"app", "src", "test", "tests", "node-modules", "package", "dist", "build", "target", "venv", "site-packages"}
)
# Words of JavaScript and Java that no manifest refuses but that tools made from it may; Python's come from ``keyword``.
_WORDS = frozenset(
    """
    abstract boolean byte case catch char class const debugger default delete do double enum export extends final
    finally float function goto implements instanceof int interface java javax let long native new null package
    permits private protected public record sealed short static strictfp super switch synchronized this throw
    throws transient typeof undefined var void volatile
    """.split()
)
# Modules that come with Node 24 (``module.builtinModules``); Python's come from ``sys``.
_NODE_MODULES = frozenset(
    """
    assert async-hooks buffer child-process cluster console constants crypto dgram diagnostics-channel dns domain events
    fs http http2 https inspector module net os path perf-hooks process punycode querystring readline repl sea sqlite
    stream string-decoder sys test timers tls trace-events tty url util v8 vm wasi worker-threads zlib
    """.split()
)
_PYTHON_WORDS = frozenset(word.lower() for word in (*keyword.kwlist, *keyword.softkwlist))


def slugify(typed: str, *, reserved: Collection[str] = ()) -> str:
    """Turn a typed project name into a slug.

    Args:
        typed: what the user typed; spaces, dots, underscores and apostrophes become hyphens, accents are dropped, and
            letters of other scripts are transliterated.
        reserved: further names that would break the project, such as the packages it depends on.

    Returns:
        1 to 50 characters of ``[a-z0-9-]``, beginning with a letter.

    Raises:
        ScaffoldError: the name holds anything else, or is reserved; names the nearest valid one where there is one.
    """
    slug, shown = _words(typed), _shown(typed)
    if not slug:
        raise ScaffoldError(
            f"No letters from a to z are known for the project name {shown}", "Give --slug, such as 'my-links'."
        )
    if not _SLUG.fullmatch(slug):
        raise ScaffoldError(f"The project name {shown} does not begin with a letter", f"Try 'app-{slug}'.")
    if len(slug) > MAX_SLUG:
        raise ScaffoldError(f"The project name {shown} is longer than {MAX_SLUG} characters", "Shorten it.")
    if is_reserved(slug, reserved):
        raise ScaffoldError(
            f"The project name '{slug}' is taken by a device, a language or a package", f"Try 'my-{slug}'."
        )
    return slug


def is_reserved(slug: str, reserved: Collection[str] = ()) -> bool:
    """Whether a slug is a name that an operating system, a language or a package of the project uses."""
    importable = slug.replace("-", "_")
    return (
        slug in _DEVICES
        or slug in _TAKEN
        or slug in _WORDS
        or slug in _NODE_MODULES
        or slug in _PYTHON_WORDS
        or importable in sys.stdlib_module_names
        or slug in {name.lower() for name in reserved}
        or importable in {name.lower().replace("-", "_") for name in reserved}
    )


def title_from(typed: str) -> str:
    """The title of a project: its name as typed, or in words if that looks like a slug.

    Raises:
        ScaffoldError: it holds what a title may not.
    """
    slug, plain = _words(typed), " ".join(unicodedata.normalize("NFC", typed).split())
    return title_of(slug) if _IDENTIFIER.fullmatch(plain) else plain


def is_transliterated(typed: str) -> bool:
    """Whether a slug made of the name is a guess: it has letters that only a table turns into those from a to z."""
    return any(_plain(char) is None for char in _composed(typed))


def title_of(slug: str) -> str:
    """``my-links`` → ``My Links``."""
    return " ".join(part.capitalize() for part in slug.split("-"))


def _shown(typed: str) -> str:
    """The name as it can be printed on one line without changing what surrounds it."""
    shortened = typed if len(typed) <= 40 else typed[:37] + "..."
    return ascii(shortened)


def _words(typed: str) -> str:
    """The name in letters from a to z, digits and hyphens; refuses what a title may not hold."""
    shown = _shown(typed)
    if not typed.strip():
        raise ScaffoldError("The project name is empty", "Give one such as 'my-links'.")
    if len(typed) > MAX_TYPED:
        raise ScaffoldError(f"The project name has {len(typed)} characters", f"Use at most {MAX_SLUG}.")
    if _BLANK.search(typed) or any(unicodedata.category(char) in _INVISIBLE for char in typed):
        raise ScaffoldError(
            f"The project name {shown} holds an invisible or control character", "Use letters, digits and hyphens."
        )
    if typed.startswith(("-", ".")):
        raise ScaffoldError(
            f"The project name {shown} begins with {typed[0]!r}", "Begin it with a letter, such as 'my-links'."
        )
    strange = next((char for char in _composed(typed) if not _may_be_named(char)), None)
    if strange is not None:
        raise ScaffoldError(
            f"The project name {shown} holds characters other than letters, digits, spaces, '.', '_' and '-'",
            "Use a name such as 'my-links'.",
        )
    slug = _SEPARATORS.sub("-", "".join(map(_latin, _composed(typed)))).strip("-").lower()
    return _shortened(slug) if is_transliterated(typed) else slug


def _composed(typed: str) -> str:
    return unicodedata.normalize("NFC", typed.strip())


def _may_be_named(char: str) -> bool:
    """Whether a title may hold it: a letter, a mark, a digit, a space, or one of a few signs."""
    return char in _SIGNS or unicodedata.category(char)[0] in "LMN" or unicodedata.category(char) == "Zs"


def _plain(char: str) -> str | None:
    """A character without its accents and decorations; None where that leaves letters that are not ASCII."""
    decomposed = unicodedata.normalize("NFKD", char)
    plain = "".join(part for part in decomposed if not unicodedata.combining(part))
    return plain if plain.isascii() or plain in _SIGNS else None


def _latin(char: str) -> str:
    """A character in letters, digits and separators."""
    plain = _plain(char)
    if plain is None:
        from anyascii import anyascii

        plain = anyascii(unicodedata.normalize("NFKC", char))
        # A sign of the Chinese script is a word or a syllable of its own.
        plain = f"-{plain}-" if unicodedata.name(char, "").startswith("CJK ") else plain
    return "".join(part for part in plain if part.isalnum() or _SEPARATORS.fullmatch(part))


def _shortened(slug: str) -> str:
    """A slug that was made, cut between two words where it is too long."""
    if len(slug) <= MAX_SLUG:
        return slug
    cut = slug[: MAX_SLUG + 1]
    return (cut.rpartition("-")[0] or cut[:MAX_SLUG]).strip("-")
