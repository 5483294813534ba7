"""Project names: what a user types, turned into one slug that every ecosystem accepts, or refused.

The slug is the only form of the name that reaches a generated file, so nothing a user types can
break a manifest, a shell line or a template.
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
_SEPARATORS = re.compile(r"[\s._'’-]+")
_ALLOWED = re.compile(r"[A-Za-z0-9-]+")

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
        typed: what the user typed; spaces, dots, underscores and apostrophes become hyphens, accents are dropped.
        reserved: further names that would break the project, such as the packages it depends on.

    Returns:
        1 to 50 characters of ``[a-z0-9-]``, beginning with a letter.

    Raises:
        ScaffoldError: the name holds anything else, or is reserved; names the nearest valid one where there is one.
    """
    shown = _shown(typed)
    if not typed.strip():
        raise ScaffoldError("The project name is empty", "Give one such as 'my-links'.")
    if len(typed) > MAX_TYPED:
        raise ScaffoldError(f"The project name has {len(typed)} characters", f"Use at most {MAX_SLUG}.")
    if any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} for char in typed):
        raise ScaffoldError(
            f"The project name {shown} holds an invisible or control character", "Use letters, digits and hyphens."
        )
    if typed.startswith(("-", ".")):
        raise ScaffoldError(
            f"The project name {shown} begins with {typed[0]!r}", "Begin it with a letter, such as 'my-links'."
        )
    decomposed = unicodedata.normalize("NFKD", typed.strip())
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    slug = _SEPARATORS.sub("-", plain).strip("-").lower()
    if not _ALLOWED.fullmatch(slug):
        raise ScaffoldError(
            f"The project name {shown} holds characters other than letters, digits, spaces, '.', '_' and '-'",
            "Use a name such as 'my-links'.",
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


def title_of(slug: str) -> str:
    """``my-links`` → ``My Links``."""
    return " ".join(part.capitalize() for part in slug.split("-"))


def _shown(typed: str) -> str:
    """The name as it can be printed on one line without changing what surrounds it."""
    shortened = typed if len(typed) <= 40 else typed[:37] + "..."
    return ascii(shortened)
