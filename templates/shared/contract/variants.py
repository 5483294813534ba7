"""Servers with other settings that several cases share, see the fixture ``variant``."""

from __future__ import annotations

from typing import Any

# A host that is written with other letters in Unicode: stra\u00dfe.example.
PUNYCODE_ADDRESS = "https://xn--strae-oqa.example"


def development(variant: Any) -> Any:
    """A server in development, with a public address whose host is in punycode."""
    return variant({"APP_ENV": "development", "PUBLIC_URL": PUNYCODE_ADDRESS})


def second(variant: Any) -> Any:
    """A second server on the same database, without a rate limit, as the main one is; the one above serves as well."""
    return development(variant)
