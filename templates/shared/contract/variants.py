"""Servers with other settings that several cases share, see the fixture ``variant``."""

from __future__ import annotations

from typing import Any

# A host that is written with other letters in Unicode: stra\u00dfe.example.
PUNYCODE_ADDRESS = "https://xn--strae-oqa.example"
ORIGINS = ("https://app.example", "http://localhost:5173")
BODY_BYTES = 2000


def development(variant: Any) -> Any:
    """A second server on the same database: in development, with an address in punycode, two origins, a small limit of
    bodies, and the default limit of requests."""
    return variant(
        {
            "APP_ENV": "development",
            "PUBLIC_URL": PUNYCODE_ADDRESS,
            "CORS_ORIGINS": ",".join(ORIGINS),
            "MAX_BODY_BYTES": str(BODY_BYTES),
            "RATE_LIMIT": None,
        }
    )
