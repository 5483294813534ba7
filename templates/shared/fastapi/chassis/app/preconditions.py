"""ETags, and the requests that depend on them (RFC 9110, section 13)."""

import re

_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')


def etag(version: int) -> str:
    """Return the strong ETag of a version."""
    return f'"{version}"'


def is_fresh(header: str | None, current: str) -> bool:
    """Tell whether the client has this version already (weak comparison): answer 304."""
    if header is None:
        return False
    return header.strip() == "*" or current in (tag.removeprefix("W/") for tag in _TAG.findall(header))


def expected_versions(header: str | None) -> list[int] | None:
    """Return the versions that an edit may be based on; None if any will do.

    Strong comparison: a weak tag never matches, and one that we did not give out neither.
    """
    if header is None or header.strip() == "*":
        return None
    tags = [tag[1:-1] for tag in _TAG.findall(header) if not tag.startswith("W/")]
    return [int(tag) for tag in tags if re.fullmatch(r"[1-9][0-9]{0,8}", tag)]
