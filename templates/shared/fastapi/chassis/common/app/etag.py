"""ETags and the requests that depend on them (RFC 9110, section 13)."""

import re
from typing import Annotated

from fastapi import Depends, Header

_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')


def etag(version: int) -> str:
    return f'"{version}"'


def is_fresh(if_none_match: str | None, current: str) -> bool:
    """Tell whether the client has this version (weak comparison), so that the response is 304."""
    if if_none_match is None:
        return False
    tags = [tag.removeprefix("W/") for tag in _TAG.findall(if_none_match)]
    return if_none_match.strip() == "*" or current in tags


async def get_expected_versions(
    if_match: Annotated[str | None, Header(description="Change it only if it still has this ETag.")] = None,
) -> list[int] | None:
    """Return the versions that an edit may be based on (strong comparison), None if any will do."""
    if if_match is None or if_match.strip() == "*":
        return None
    return [int(tag[1:-1]) for tag in _TAG.findall(if_match) if re.fullmatch(r'"[1-9][0-9]{0,8}"', tag)]


ExpectedVersions = Annotated[list[int] | None, Depends(get_expected_versions)]
